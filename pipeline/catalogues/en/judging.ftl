# What signatures are worth: each of them
signature-valid = The signature is valid.
signature-changed = What was signed has been changed.
signature-forged = The signature was not made with the key of this certificate.
signature-shared = Several fields show one signature: somebody pasted it in.
signature-covers-less = The signature does not cover all that was there when it was made.
signature-hidden-change = Hidden data was added to the file after the signature.
signature-changed-after = The document was changed after the signature beyond what is allowed.
signature-revoked = The certificate had been revoked before the signature was made.
signature-not-yet-valid = The certificate was not valid yet when the signature was made.
signature-no-chain = Nobody knows who issued the certificate: no path leads to a trusted root.
signature-expired = The certificate had expired when the signature was made.
signature-weak = The algorithm or the key is too weak to believe the signature.
signature-purpose = The certificate was not issued for signing documents.
signature-chain-broken = The certification path did not hold when the signature was made.
signature-weak-unproven = Made with SHA-1, and no time stamp proves that it was made while that was in use.
signature-time-impossible = The signature claims a time in the future.
signature-expired-unproven = The certificate has expired, and no time stamp proves that the signature is older.
signature-revoked-unproven = The certificate is revoked, and no time stamp proves that the signature is older.
signature-no-revocation = The signature is whole, but whether the certificate is revoked could not be found out.
signature-no-revocation-of-time = The signature is whole, but whether the time stamp's certificate is revoked could not be found out.
signature-filled-after = Fields were filled in after the last signature; no signature vouches for that.
signature-noted-after = Notes were put on the pages after the last signature; no signature vouches for them, and they may cover what was signed.
signature-added-unclear = What was added after the last signature breaks the PDF standard: each viewer may show something else.
signature-cannot-validate = This signature cannot be validated: its data is malformed or uses an unsupported algorithm.
signature-subfilter = Signatures of the kind { $kind } cannot be validated.
signature-time-stamp = Time stamp of the document

# Notes
signature-note-sha1 = SHA-1 was used, which is not safe any more.
signature-note-time-claimed = The time is what the signer's own clock said; no time stamp proves it.
signature-note-no-time = The signature names no time.
signature-note-time-stamp-broken = There is a time stamp, but of something else; it does not count.
signature-note-time-stamp-untrusted = There is a time stamp of an unknown authority; it does not count.
signature-note-times-differ = The signer's clock differs from the time stamp.
signature-note-changes-allowed = Changes after the signature that are allowed: { $fields }.
signature-note-revoked-later = The certificate was revoked after the signature was made.
signature-note-read-leniently = The file breaks the PDF standard here and there; it was read as viewers do.
signature-note-mark-without-field = The file bears traces of another signature that no field shows: it may have been removed or hidden.

# The document
verdict-valid = VALID
verdict-invalid = NOT VALID
verdict-indeterminate = UNDECIDED
verdict-unsigned = NOT SIGNED
document-valid = All signatures are valid.
document-invalid = There is a signature that is not valid.
document-indeterminate = There is not enough to decide about the signatures.
document-unsigned = The file has no digital signature.
validation-cannot-validate = The signatures of this file cannot be validated ({ $reason }).
validation-signature-without-field = The file bears traces of a signature but no field for one: it may have been removed or hidden.
validation-too-many-signatures = The file has too many signatures ({ $reason }); they were not looked at.
validation-validation-timeout = Validating took more than { $reason } seconds and was stopped.

# The sheet
signature-indication-title = Conclusion
signature-field-title = Field
signature-time-title = Signed at
signature-covers-title = Covers
signature-after-title = Afterwards
signature-certifies-title = Certifies
signature-certificate-title = Certificate
signature-fingerprint-title = SHA-256
signature-chain-title = Issued by
signature-status-title = Revocation
signature-algorithms-title = Algorithms
signature-certificate = serial { $serial }, valid { $term }
signature-chain-none = unknown
time-time-stamp = time stamp of
time-claimed = by the signer's clock
time-own = by this very time stamp
time-none = unknown
covers-file = the whole file
covers-revision = the whole file as it was then
covers-less = a part of the file
change-none = nothing changed
change-validation-data = only data for validation added
change-form = fields filled in, signatures added
change-annotations = annotations added
change-other = changes beyond what is allowed
certifies-1 = nothing may change
certifies-2 = fields may be filled in and signed
certifies-3 = fields may be filled in, signed and annotated
revocation-good = not revoked when signed
revocation-revoked = revoked
revocation-unknown = could not be found out
status-embedded = from data in the file
status-online = asked over the network

# Arriving documents
show-signatures = Digital signatures
show-signature-accepted = A person took it in although its signature is not valid.
error-signature-invalid = The signature of { $signer } on { $document } is not valid: { $why }
quarantine-return =
    The document lies in the folder “tra-lai” with words for its sender (Decree 30/2020/NĐ-CP, Article 21.2.b).
    To take it in nevertheless, whoever may decide that runs: vanthu retry { $document } --accept-signature
return-notice =
    To the sender.
    The file “{ $name }” arrived with a digital signature that is not valid. Signature of { $signer }: { $why }
    Under Article 21.2 of Decree 30/2020/NĐ-CP we return the document; please check it and send it again.
finding-signatory-differs-from-certificate = The page names “{ $printed }” as signatory, the certificate belongs to { $certificate }.
finding-date-differs-from-signing-time = The page is dated { $printed }, the signature was made on { $signed }.

# Before the seal
finding-leader-unsigned = The file is not signed: the field “{ $field }” is empty.
finding-leader-unreadable = The signature in the field “{ $field }” cannot be validated ({ $reason }).
finding-leader-not-valid = The signature in the field “{ $field }” is not valid, or could not be checked. { $why }
finding-leader-changed-after = The document was changed after the signature in the field “{ $field }”.
finding-leader-forbids-sealing = The signature in the field “{ $field }” forbids number and seal after it.
finding-leader-not-last = The signature in the field “{ $field }” was made after the authorised person's.
finding-leader-not-allowed = { $name } is not among those who may sign, or has a new certificate. Its SHA-256: { $sha256 }
finding-leader-out-of-term = { $name } may not sign on { $day }.
finding-leader-lacks-competence = { $name } may not sign as “{ $competence }”.
finding-leader-field-missing = The document lacks the field “{ $field }”.
finding-leader-field-filled = The field “{ $field }” is filled in already.

# Trusted authorities
trust-added = Trusted from now on: { $subject }.
trust-accepted = Trusted from now on, on a person's word: { $subject } (SHA-256 { $sha256 }).
trust-nobody = No root is trusted: every signature will be undecided. Add one with “vanthu trust add FILE”.
trust-all-good = Every pinned authority has its certificate.
trust-good = good
trust-root = root
trust-issuer = issuer
trust-expires-soon = expires soon
trust-expired = expired, still used for what was signed in its time
trust-missing = no certificate yet
trust-unpinned = on a person's word, without a pin
trust-term = Until { $day }
trust-fetch = Fetch { $address }, then run: vanthu trust add FILE
event-trusted = authority trusted
error-trust-pins-unreadable = The pins in { $path } cannot be used: { $reason }. Please install the program again.
error-not-a-certificate = { $path } is no certificate (PEM or DER). Please fetch it again from its issuer.
error-certificate-unpinned =
    The certificate of { $subject } is not among the pins and is not trusted. SHA-256: { $sha256 }
    If you compared the fingerprint with the issuer's, add: --accept-unpinned { $sha256 } --yes
error-trust-store-unreadable = This login may not read the store of trusted certificates { $path }. The administrator lets it (chmod -R a+rX), or the command is run as the service's user.
error-trust-store-damaged = The trusted certificates were changed at { $path }. Delete that file and add it again with “vanthu trust add”.
error-fingerprint-differs = No certificate in { $path } has the fingerprint { $given }. Please compare with the issuer again.
error-accept-without-yes = To trust the certificate without a pin in { $path }, add --yes.

# Help
help-validate = Judge digital signatures: who, when, what they cover, what came after.
help-validate-files = PDF files
help-validate-at = Judge as at the end of this day, for example 15/03/2026
help-validate-online = Ask for certificates' status over the network (OCSP, CRL)
help-validate-epilog = Example: vanthu validate --online letter.pdf
validate-no-trust = There is no workspace here, so no certification authority is trusted.
help-trust = Trusted certification authorities: add, list, check.
help-trust-add = Add an authority's certificate (one that matches a pin).
help-trust-add-file = A certificate file, PEM or DER
help-trust-add-epilog = Example: vanthu trust add rootcag2.crt
help-trust-accept = SHA-256 fingerprint of a certificate without a pin
help-trust-yes = Confirm that the fingerprint was compared
help-trust-for-signers = Trust it for signatures of people and agencies only
help-trust-for-time-stamps = Trust it for time stamps only
help-trust-list = Show the certificates that are trusted.
help-trust-check = Show which certificates are missing or expire, and where to fetch them.
help-retry-accept-signature = Take it in although its signature is not valid (recorded).
metavar-fingerprint = FINGERPRINT
progress-judged = { $document }: signatures judged
stage-judged = waits for reading
