# Leaving documents

error-seal-not-configured = No seal service is named, so signed documents are not taken yet. Set seal = "…/seal.toml" under [outgoing] in vanthu.toml ({ $path }).
error-seal-config-not-named = The seal service's configuration is not known. Add --config FILE, or set seal under [outgoing] in vanthu.toml.
error-draft-is-a-picture = { $path }: the draft is a picture, so signatures cannot be put in their places. Drop a DOCX, ODT or PDF file.
error-changes-not-accepted = { $path }: { $changes } tracked changes still wait to be accepted, so it is open which words are final. Accept or reject each of them, save the file and drop (or hand in) it again.
error-draft-repeated = { $path }: this draft was submitted for signature already. Look in trinh-ky, or change the draft and drop it again.
error-signed-not-prepared = { $path }: the signed file does not come from any document in trinh-ky. Sign the very file in trinh-ky; do not print or save it with another program first.
error-signed-already = { $path }: this document has been signed before and is on its way. This file was not used.
error-signed-returned = { $path }: this document was sent back to its author, so the signed file was not used. To issue it, drop the draft into du-thao again.
error-signed-not-accepted = { $path }: the signature does not pass, so no number was given.{ $reasons }What to do: the authorised person signs the file from trinh-ky again, with a certificate that is in force, and drops it into da-ky. If person and certificate are the right ones, tell the administrator.
error-sealed-not-valid = { $path }: the sealed document did not pass its check ({ $reason }), so it was not issued. It keeps its number; tell the administrator.
error-leader-status-unknown = { $path }: nobody could be asked whether the signer's certificate was revoked. The document waits and is checked again by itself; nothing needs to be done.
error-cancel-on-its-way = { $document } is just being sealed and cannot be cancelled now. Wait until it is issued, or until vanthu release says that it is not issued yet, then cancel.
error-reject-numbered = { $path } has the number { $document } and cannot be sent back. If it shall not be issued, cancel the number: vanthu register cancel { $document } --reason "…"
error-reject-issued = { $path } was issued as { $document } and cannot be sent back.
error-reject-returned = { $path } was sent back before. Nothing needs to be done.
error-reject-alone = One document is sent back at a time, with a reason: vanthu release --reject HANDLE --reason "why"
error-not-waiting = No document called { $name } waits for its release. See the list: vanthu release
error-released-elsewhere = { $name }: somebody else has just released it. See the list: vanthu release
error-release-ambiguous = Several documents of the name { $name } wait. Give the handle at the head of the line: { $handles }.
error-release-unfinished = The release did not reach the seal service. The number stays; release again.
error-release-not-officer = { $officer } is no officer of the seal. Only those named under officers in seal.toml release documents.

finding-leaving-restored = { $name } was on its way out and was taken up again from its folder. If it has a number already, an officer releases it again (vanthu release).
finding-leaving-forgotten = { $path }: this leaving document could not be taken up again. Find draft and signed file in that folder, and drop the draft into du-thao once more.

progress-prepared = { $name }: prepared, waits for the leader's signature (folder trinh-ky)
progress-waiting = { $name }: the leader's signature is valid, waits for its release (vanthu release)
progress-sealed = { $name }: numbered and sealed
progress-issued = { $document }: issued { $name } (folder da-phat-hanh)
progress-returned = { $name }: sent back (folder tra-lai)
progress-upgraded = { $document }: what was missing at signing (time stamp, certificate status) has been added

help-release = Release leaving documents: number, date and seal. Without anything more: list what waits.
help-release-epilog = Only officers of the seal (named in seal.toml) may release.
help-release-what = handle at the head of the line in the list, file name or document number
help-release-all = release everything that waits
help-release-reject = send a document without a number back to its author (handle at the head of the line, or file name)
help-release-reason = why it is sent back
help-seal = The service that holds the agency's key and seals.
help-seal-serve = Run the seal service (a process of its own with the agency's key).
help-seal-status = See whether the seal service runs, whether its key is open, who may release.
help-seal-open = Give the PIN or passphrase of the agency's key.
help-seal-unlock = Unlock the seal for some hours: what passes every check is numbered and sealed at once.
help-seal-lock = Lock the seal now.
help-seal-config = the seal service's configuration (seal.toml)
help-seal-prompt = ask for the PIN at start
help-seal-hours = hours

release-nothing = No document waits for its release.
release-how = To release: vanthu release HANDLE (at the head of the line), or vanthu release --all
release-held = not issued yet: { $reason }
release-unsigned = Still with the leader:
release-how-reject = To send back: vanthu release --reject HANDLE --reason "why"
release-rejected = { $name } is sent back. The watching service moves the file into tra-lai, with the reason.
returned-why = { $name }: sent back by { $officer } on { $day }. Reason: { $reason }. Change the draft and drop it into du-thao again.
returned-cancelled = { $name }: not issued, the number { $document } was cancelled ({ $day }). If it is needed after all, drop the draft into du-thao again; it gets another number.
release-done = { $document }: released { $name }
seal-serving = The seal service runs at { $socket }
seal-key-open = The key is open: { $holder }
seal-key-closed = The key is not open. An officer runs: vanthu seal open
seal-release-each = Each document is released (vanthu release).
seal-release-unlocked = Sealed by itself while the seal is unlocked (vanthu seal unlock).
seal-officers = Officers: { $officers }
seal-unlocked = The seal is unlocked by { $officer } until { $until }.
seal-locked = The seal is locked.

status-to-sign = Wait for the leader
status-to-release = Wait for release
status-to-upgrade = Wait for a time stamp
status-held = To be released again
status-hindered = Wait for a service or token
status-release = See why, and release again: vanthu release

check-seal = Seal service
check-seal-people = Officers of the seal
check-seal-roots = Roots of the seal service
check-signatories = Authorised signatories
doctor-seal-configuration = the configuration { $path } cannot be used
doctor-seal-away = does not answer at { $path }: { $reason }
doctor-seal-key-closed = runs, but its key is not open
doctor-seal-certificate-expired = the certificate of { $holder } expired on { $until }; apply for a new one
doctor-seal-certificate-ends = the certificate of { $holder } expires on { $until }; apply for a new one now
doctor-seal-people-unknown = accounts named in seal.toml do not exist here: { $problems }
doctor-seal-people-same = { $name } is an officer and the watching service at once; give the service an account of its own
doctor-certificate-ended = the certificate of { $name } ended on { $until }; ask for a new one and put its SHA-256 into seal.toml
doctor-certificate-ends = the certificate of { $name } ends on { $until }; ask for a new one now
doctor-seal-roots-missing = { $path } lacks { $count } certificates that the office trusts; leaders' signatures may be refused
doctor-seal-roots-unreadable = { $path } cannot be read: { $reason }
doctor-signatories-ended = their term to sign has ended: { $names }
