# The seal service

error-seal-config-missing = The seal service's configuration is missing: { $path }. Make it from config/seal.toml and start again.
error-seal-service-away = The seal service does not answer at { $path }. The document is kept as it is; start the service (vanthu seal serve) and the work goes on by itself.
error-seal-service-busy = Another seal service uses { $path }. Run one only.
error-seal-question = The seal service does not understand the request ({ $reason }). Check that both sides run the same version of vanthu.
error-seal-file-unfit = The file handed to the seal service cannot be used ({ $size } bytes): it is no ordinary file, or too large.
error-seal-not-valid = The agency's signature just made for { $row } is not valid, so nothing is issued. Check the agency's certificate, then try again.
error-sealed-file-differs = The sealed file that came back is not the one that the service signed: { $path }. It was dropped and will be fetched again.
error-sealed-file-lost = { $row } was sealed, but { $path } is gone. It is not sealed a second time: restore the file from the backup.
error-key-not-opened = The agency's key is not open. An officer runs: vanthu seal open
error-not-an-officer = The account with uid { $uid } is no officer of the seal. Only those named under officers in seal.toml release and unlock.
error-not-a-client = The account with uid { $uid } may not hand documents to the seal service. See clients in seal.toml.
error-not-released = { $row } is not released, or the release has expired. An officer runs: vanthu release { $row }
error-order-replayed = This release of { $row } was used before. Release again: vanthu release { $row }
error-unlocking-not-configured = This office releases each document; the seal is not unlocked for hours. Use vanthu release, or set release = "unlocked" in seal.toml.
error-unlock-hours = The seal is unlocked for { $limit } hours at most.
error-unlocked-too-often = The seal was unlocked { $limit } times within an hour. Wait; if that was not you, tell your administrator.
error-row-unknown = The register of leaving documents has not given the number { $row }. Nothing is sealed without a number.
error-row-cancelled = The number { $row } was cancelled in the register, so it is not sealed.
error-row-of-another-file = The number { $row } belongs to another file in the register. Nothing was sealed; check the signed file.
error-row-changed = What the register says of { $row } was changed after the release: then “{ $then }”, now “{ $now }”. Nothing was sealed; check the register, then release again.
error-row-sealed-already = The number { $row } was sealed for another file already. A number is sealed once.
error-file-sealed-already = This file was sealed under { $row } already. A file is sealed once.
error-file-differs = The file handed in is not the one released for { $row }. Nothing was sealed; release the right file.
error-leader-not-accepted = { $row } is not sealed: the authorised person's signature does not pass ({ $reasons }). Details: vanthu validate FILE

reason-leader-unsigned = no signature
reason-leader-unreadable = the signature cannot be validated
reason-leader-not-valid = the signature is not valid, or could not be checked
reason-leader-changed-after = changed after signing
reason-leader-forbids-sealing = the signature forbids number and seal
reason-leader-not-last = somebody signed later
reason-leader-not-allowed = the signer is not on the list
reason-leader-out-of-term = outside the term of authority
reason-leader-lacks-competence = not that competence
reason-leader-field-missing = a field is missing
reason-leader-field-filled = a field was filled in before
