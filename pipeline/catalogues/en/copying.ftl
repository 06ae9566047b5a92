# Copies, attachments, digitised paper

error-copy-not-filed = { $document } is not filed yet, so it cannot be copied, digitised or given attachments. Wait until it is, or look: vanthu show { $document }.
error-copy-of-electronic = { $document } is an electronic document: no electronic { $form } is made of one. Send on the original file as it is (vanthu open { $document } --original --path); only extracts are made (Decree 30/2020, Article 25).
error-copy-not-a-scan = { $document } is no scan of paper; what came electronically is sent on as it is. If the office has the paper: scan it in colour, at 200 dpi or more, and add --file FILE.
error-copy-of-several = The file of { $document } holds several documents, or seems to. Split it first (vanthu split { $document }), or scan this one by itself and add --file FILE.
error-copy-source-no-copy = { $document }: the words "SAO Y" were not seen on it. A sao lục is made of a bản sao y on paper only; for an original use vanthu copy sao-y. If you have looked and it is one, add --sure.
error-copy-file-not-pdf = { $path }: a PDF file is needed (save the scan as PDF; extracts and attachments may be DOCX or ODT).
error-reading-copy-not-kept = { $document } has no reading copy in the archive. Scan the paper again and add --file FILE.
error-extract-without-file = Extract of { $document }: write the extracted part in the full form (Word or PDF) and add --file FILE.
error-digitise-electronic = { $document } is an electronic document and not paper: there is nothing to digitise.
error-digitised-already = { $document } has a signed digitised copy in the archive. A document is signed as digitised once.
error-attachment-not-leaving = { $document } is no leaving document. Attachments are signed with documents that the office issues (di-…).
error-attachment-without-code = { $document } has no notation (…/QĐ-BQL), so number and notation cannot stand on its attachment. Mend it: vanthu edit { $document } --notation NOTATION
error-attachment-before-document = { $path }: this attachment belongs to a document without a number. Release the document; the attachment is released with it.
error-attachment-before-filed = { $row }: an attachment is signed once its document is issued and filed; the service goes on by itself.
error-attached-already = { $path }: this file is an attachment of { $document } already.

stamp-true-copy = True copy of { $document }
stamp-copy-of-copy = Copy of the copy { $document }
stamp-extract = Extract of { $document }
stamp-attachment = Attachment of { $document }
stamp-digitised = Digitised paper of { $document }

progress-stamped = { $name }: signed by the agency
progress-stamp-filed = { $document }: signed and filed ({ $name })

progress-stamp-upgraded = { $document }: what was missing at signing (time stamp, certificate status) has been added
event-stamp-upgraded = proofs added to a copy, attachment or digitised paper
event-stamp-asked = a copy, attachment or digitised paper asked for
event-stamp-released = a copy, attachment or digitised paper released
event-stamp-ordered = the release reached the seal service
event-stamp-signed = a copy, attachment or digitised paper signed by the agency
event-stamp-filed = a copy, attachment or digitised paper filed
event-stamp-held = a copy, attachment or digitised paper held
event-stamp-rejected = a copy, attachment or digitised paper rejected

help-copy = Copies of filed documents: sao y, sao lục, trích sao.
help-copy-sao-y = Make an electronic true copy of paper: the scan is signed by the agency and gets a number in the book of copies.
help-copy-sao-luc = Make an electronic copy of a true copy on paper (sao lục).
help-copy-trich-sao = Make an extract of a file with the extracted part in the full form (--file).
help-copy-epilog =
    Run by an officer of the seal (named in seal.toml) it is released at once; run by anybody else it waits for vanthu release.
    For example: vanthu copy sao-y 15 --to "UBND xã An Bình" --approved-by "Chánh Văn phòng"
help-copy-documents = Document: den-2026-00015, 2026/15 or 15
help-copy-file = a scan (PDF in colour, 200 dpi or more) or the extracted part, instead of what the archive has
help-copy-to = who gets the copy
help-copy-approved-by = who allowed the copy (Decree 30, Article 27)
help-copy-sure = I have looked and it is a bản sao y on paper
help-digitise = Sign the digitised paper (the reading copy) of a document for the archive, beside the original.
help-attach = Sign attachments of a leaving document that are files of their own, with its number and notation.
help-attach-document = Leaving document: di-2026-00015, or its handle in vanthu release while it waits
help-attach-files = attachments: PDF, DOCX, ODT
help-register-sao = Print the book of copies: one series in the year for all their forms.
help-register-di = Print the register of leaving documents, with all columns of Appendix IV.

attachment-early = { $handle }: the attachment { $name } is released with its document and signed once that is issued.
copy-released = { $row }: { $what } released; once signed it is in the archive and in da-phat-hanh.
copy-released-archive = { $row }: { $what } released; once signed it lies beside the original in the archive.
copy-waiting = { $handle }: { $what } waits for an officer of the seal: vanthu release { $handle }
copy-on-its-way = { $row }: { $what } was released before and is being signed.
copy-rejected = The request with the file { $name } is rejected; nothing was signed.
show-stamps = Copies, attachments, digitised paper
stamp-state-waiting = waits for its release
stamp-state-held = held, to be released again
stamp-state-released = being signed
stamp-state-sealed = being filed
stamp-state-filed = signed and filed
register-title-sao = BOOK OF COPIES - { $year }
register-title-di = REGISTER OF LEAVING DOCUMENTS - { $year }
