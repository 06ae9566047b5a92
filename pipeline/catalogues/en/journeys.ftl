error-original-not-staged = The safe copy of document { $document } is no longer there to be read again. Run “vanthu verify { $document }” to check the archive.
error-document-not-found = There is no document { $document }. Find its id with “vanthu search”.
error-edit-not-filed =
    Document { $document } is not filed yet (state: { $state ->
        [received] on its way
        [quarantined] set aside for a person
        [secret] secret
       *[filed] filed
    }), so it cannot be corrected. See “vanthu status”.
error-retry-not-quarantined =
    Document { $document } is not set aside (state: { $state ->
        [received] on its way
        [quarantined] set aside for a person
        [secret] secret
       *[filed] filed
    }), so there is nothing to try again.
error-field-unknown = There is no field “{ $field }”. Fields that can be corrected: { $known }.
error-date-unreadable = The date “{ $value }” is not understood. Write 15/03/2026 or 2026-03-15.
error-file-not-found = There is no file { $path }. Check the path.
error-workspace-busy = Another vanthu process serves { $path }. Stop it, or see “vanthu status”.
error-reading-kills-service = Reading document { $document } has stopped the service several times. Open the file, scan it again if need be, then retry.
error-engine-unavailable = The job engine cannot be used ({ $url }): { $reason }. Run “vanthu doctor”.
error-unexpected = Unexpected error: { $reason }. The document is unharmed; please send the log file to the administrator.
error-answer-unreadable = This is no answer ({ $reason }). Each line is a JSON with document_id, field, decision (right, none or value) and value.
error-nothing-to-confirm = The field “{ $field }” of { $document } has no value to confirm. Give one, or answer that there is none.
error-split-not-filed = { $document } is not filed yet or its number is cancelled, so it cannot be split. See “vanthu show { $document }”.
error-split-signed = { $document } carries a digital signature, which a split would break: it is not split.
error-split-already = The file of { $document } was split already. See “vanthu show { $document }”.
error-split-not-proposed = Nothing tells that { $document } holds several documents. If it does, say where they begin: vanthu split { $document } --at PAGES
error-split-no-such-page = { $document } has { $amount } pages; documents begin on pages 2 to { $amount }.
error-split-no-pages = There is no PDF of { $document } to cut pages from. Scan each document into a file of its own.
part-name = { $name } (pages { $pages })
note-split = Cut out of this file: { $documents }
note-part-of = Cut out of { $document }, pages { $pages }
note-received-again = Received again on { $day }
note-same-code = Same number, notation and issuing agency as { $document }
quarantine-retry = When the cause is mended, run: vanthu retry { $document }
secret-cancelled = Secret document: to be entered in its own register under the law on state secrets
secret-set-aside =
    Document { $document } carries a secrecy mark and is not processed in this system.
    The original was put in { $path }, which only the service's administrator can open. Nothing that was read of it is kept.
    Hand it to the officer in charge of secret documents, to be entered in its own register.
error-secrecy-doubtful =
    Document { $document } bears what looks like a secrecy mark but cannot be read surely, so it is not filed and nobody else can see it.
    Look at the paper. If it is not secret: vanthu retry { $document } --not-secret
finding-reading-copy-missing = No reading copy could be made ({ $reason }). The original is filed unharmed and can be found.
error-secrecy-unseen =
    The first page of document { $document } could not be read, so nobody knows whether it bears a secrecy mark; it is not filed.
    Look at the paper and scan it again if need be. If it is not secret: vanthu retry { $document } --not-secret
