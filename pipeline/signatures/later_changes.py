"""Which changes a signature bears after it was made: pyHanko's policy without its loophole for appearances.

Its standard policy lets the appearance of a field that was there before be rewritten in place, wherever the stream is
used; with that, it lists fields as changed that were not, and calls a seal broken by the archival time stamp after it
(`_allow_in_place_appearance_update` compares revisions with == where the appearance may be older).
"""

from __future__ import annotations

from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    FormUpdatingRule,
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)

DIFF_POLICY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)
