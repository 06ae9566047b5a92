"""Changes that a word processor kept track of and nobody accepted: the text counts as it would be with all of them.

Programs print such a document with deleted words struck through beside those that were put in their place, and a
number that was changed from 15 to 16 would be read as 1516. OpenDocument 1.3, part 3, 5.5.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_KEPT_OF = f"{_TEXT}tracked-changes"  # holds the deleted words
_REGION = f"{_TEXT}changed-region"
_FORMAT = f"{_TEXT}format-change"
_MARKS = {f"{_TEXT}change", f"{_TEXT}change-start", f"{_TEXT}change-end"}


def accept(root: ET.Element) -> int:
    """Take the changes' records and marks out of an OpenDocument part, and so accept them; how many there were."""
    changes = sum(region.find(_FORMAT) is None for region in root.iter(_REGION))
    for parent in root.iter():
        before: ET.Element | None = None
        for child in list(parent):
            if child.tag != _KEPT_OF and child.tag not in _MARKS:
                before = child
                continue
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
            parent.remove(child)
    return changes
