"""Digital signatures: documents are prepared for them, receive them, and every one that arrives is judged.

Making (paths in, paths out; what opens a stranger's file belongs into a limited child process):

    Workshop()                                 runs the next three in a limited child process
    refuse_unfit_scan(path)                    RefusedError for digitised paper that the Decree would not have
    refuse_dangerous(path, signed=False)       RefusedError for a PDF that must not be signed, with the reason
    prepare(draft, target, Plan)               → Prepared: anchor gone, fields for signatures, number and date in place
    open_key(FileKey | TokenKey, secret)       a context manager that gives a Key: one login for many signatures
    load_picture(path, width)                  a transparent PNG, made ready once
    sign_leader(source, target, key, terms)    → Signed: certifies the document, allows filling in and the seal
    seal(source, target, key, terms, issue=)      → Signed: number, date and the agency's signature at once
    stamp(source, target, key, terms, line)    → Signed: the agency's signature with one line at the top right
    attachment_line, copy_line, digitised_line what the Decree wants that line to say
    upgrade(source, target, terms)             → Upgraded: what a service that was out of order could not give
    verify_with_openssl(path, roots)           an independent look at every signature of a file of ours
"""

from pipeline.signatures.appearances import Picture as Picture
from pipeline.signatures.appearances import load_picture as load_picture
from pipeline.signatures.dangers import refuse_dangerous as refuse_dangerous
from pipeline.signatures.digitised import refuse_unfit_scan as refuse_unfit_scan
from pipeline.signatures.independent import Opinion as Opinion
from pipeline.signatures.independent import verify_with_openssl as verify_with_openssl
from pipeline.signatures.keys import Key as Key
from pipeline.signatures.keys import open_key as open_key
from pipeline.signatures.preparing import prepare as prepare
from pipeline.signatures.signing import seal as seal
from pipeline.signatures.signing import sign_leader as sign_leader
from pipeline.signatures.signing import stamp as stamp
from pipeline.signatures.upgrading import Upgraded as Upgraded
from pipeline.signatures.upgrading import upgrade as upgrade
from pipeline.signatures.values import (
    FileKey as FileKey,
)
from pipeline.signatures.values import (
    Holder as Holder,
)
from pipeline.signatures.values import (
    Issue as Issue,
)
from pipeline.signatures.values import (
    Level as Level,
)
from pipeline.signatures.values import (
    Place as Place,
)
from pipeline.signatures.values import (
    Plan as Plan,
)
from pipeline.signatures.values import (
    Prepared as Prepared,
)
from pipeline.signatures.values import (
    Signed as Signed,
)
from pipeline.signatures.values import (
    Terms as Terms,
)
from pipeline.signatures.values import (
    TokenKey as TokenKey,
)
from pipeline.signatures.wording import CopyForm as CopyForm
from pipeline.signatures.wording import attachment_line as attachment_line
from pipeline.signatures.wording import copy_line as copy_line
from pipeline.signatures.wording import digitised_line as digitised_line
from pipeline.signatures.workshop import Workshop as Workshop
