# The command line: help
help-vanthu =
    Vanthu - the records office's helper.
    Drop documents into the arrivals folder: they are read, registered, filed and found again.
help-vanthu-epilog = More about a command: vanthu COMMAND --help
help-init = Make a workspace: its folders, configuration and database.
help-init-dir = The folder to make (default: this one). What is there already stays.
help-watch = Watch the arrivals folder until stopped (Ctrl-C).
help-watch-once = Work through what is there, then end
help-rebuild = Make the database and the books anew from the archive's folders.
help-verify = Check that the archive is whole, byte for byte.
help-verify-json = Print JSON, one document a line
help-inspect = Read files and print their metadata; nothing is filed.
help-inspect-files = PDF, TIFF, JPEG, PNG, HEIC, DOC, DOCX, ODT or RTF files
help-inspect-json = Print JSON, one file a line
help-inspect-text = Print the text of each page too
help-inspect-epilog = Example: vanthu inspect --json --text *.pdf > results.jsonl
help-search = Find documents by words, phrases, number or field.
help-search-query = What to look for, with or without diacritics
help-search-limit = Hits on a page (default 20)
help-search-page = Which page
help-search-after = Go on after the “next” mark of the search before (with --json)
help-search-newest = Newest documents first
help-search-oldest = Oldest documents first
help-search-epilog =
    Examples:
      vanthu search ke hoach phong chay
      vanthu search '"phòng cháy chữa cháy"'
      vanthu search 15/KH-BQL
      vanthu search 'type:KH year:2021 signer:"Nguyễn Văn A"'
help-show = Show all that is known of a document.
help-show-text = Print the text of each page too
help-id = A document: den-2026-00015, 2026/15, or 15 (this year's arrival number)
help-open = Open the reading copy (or the original) of a document.
help-open-original = Open the original, not the reading copy
help-open-path = Only print the path
help-review = Go through the doubtful fields one by one, the riskiest first.
help-review-ids = Only these documents (default: all)
help-review-field = Only one field, such as number, date, agency
help-review-limit = At most so many fields
help-review-out = Folder for the pictures of each place (PNG)
help-review-answers = File of answers, a JSON a line; “-” for standard input
help-review-json = Print JSON, one field a line, and ask nothing
help-review-epilog =
    Keys: Enter or y right; e edit; x none on the page; 1-9 take a guess;
    s later; o open the document; u undo; q quit.
    Example: vanthu review --field number --limit 20
help-split = Split a file of several documents; each gets its own number.
help-split-at = Pages where further documents begin, such as 4,7
help-split-keep = The file is one document: dismiss the proposal
help-split-dry-run = Only say how it would be split
help-split-epilog = Example: vanthu split 15 --at 4,7
help-edit = Correct fields that were read wrongly; what was read is kept.
help-edit-clear = Empty a field, for example --clear priority
help-edit-epilog = Example: vanthu edit 15 --subject "V/v nghỉ lễ" --date 15/03/2026
help-retry-not-secret = Confirm that the document carries no secrecy mark.
help-retry = Work again on a document that waits for a person.
help-register = Print a book of the office; cancel a number.
help-register-den = Print the book of arrivals with all columns of Appendix IV.
help-register-year = The book's year (default: this one)
help-register-json = Print JSON, one number a line
help-register-forward = Write into the register to whom a document was passed and when.
help-register-to = Unit or person
help-register-date = Day it was passed on (today by default), such as 15/03/2026
help-register-cancel = Cancel an arrival number, with a reason. It is never given again.
help-register-reason = Why it is cancelled (required)
help-status = How things stand: queue, failures, service, disk.
help-doctor = Check machine and configuration; say how to mend what is wrong.
option-help = Show this help
option-lang = Language of the messages: vi or en
option-workspace = The workspace's folder
option-verbose = Say more, with the details of errors
option-version = Print the version
option-json = Print JSON for programs
option-csv = Print CSV (RFC 4180)
option-excel = Print CSV for Excel: with a BOM, so that Vietnamese comes out right
option-install-completion = Install completion for this shell
option-show-completion = Print the completion script, to install it yourself
metavar-dir = DIR
metavar-lang = vi|en
metavar-file = FILE
metavar-query = QUERY
metavar-number = N
metavar-mark = MARK
metavar-id = ID
metavar-value = VALUE
metavar-field = FIELD
metavar-pages = PAGES
metavar-text = TEXT
metavar-date = DATE
metavar-year = YEAR

# The command line: mistakes
usage = Usage:
usage-options = [OPTIONS]
usage-command = COMMAND …
usage-arguments-title = Arguments
usage-options-title = Options
usage-daily-title = Every day
usage-service-title = Service and upkeep
usage-commands-title = Commands
usage-see-help = See: { $command }
usage-missing = { $name } is missing.
usage-no-option = There is no option { $name }.
usage-no-option-near = There is no option { $name }. Did you mean { $near }?
usage-option-value = The option { $name } has no value, or one too many.
usage-bad-value = The value of { $name } is not valid: { $reason }.
usage-must-be-number = it must be a whole number
usage-too-small = it must be { $limit } or more
usage-too-big = it must be { $limit } or less
usage-no-command = There is no command “{ $name }”.
usage-no-command-near = There is no command “{ $name }”. Did you mean { $near }?
usage-wrong = This command is not right: { $reason }
error-option-without-value = The option { $name } needs a value after it.
error-language-unknown = There is no language “{ $language }”. These are known: { $known }.
error-id-unreadable = “{ $id }” is no document's id. Write den-2026-00015, 2026/15, or 15 (this year's arrival number).
error-options-exclude-each-other = Use only one of { $first } and { $second }.
error-nothing-to-change = No field to correct was named. Example: vanthu edit 15 --subject "V/v nghỉ lễ".
error-value-empty = The option --{ $option } is empty. To empty a field use --clear.
error-file-not-kept = There is no file of document { $document } to open. See “vanthu show { $document }”.
crash = The program met an error of its own; what is stored is not affected. Run it again with -v for details, and send them to your administrator.

# The fields (Decree 30/2020/NĐ-CP)
field-type-name = Type
field-code-number = Number
field-code-notation = Notation
field-issued-date = Date
field-issued-place = Place
field-organ-name = Issuing agency
field-parent-organ-name = Parent agency
field-subject = Subject
field-competence = Competence
field-signatory-position = Signatory's position
field-signatory-name = Signatory
field-recipients = Recipients
field-priority = Urgency
field-secrecy = Secrecy
field-language = Language
field-page-amount = Pages
field-not-found = (not found)
mark-check = ← check
mark-person = corrected
page-title = Page { $page }

# inspect
inspect-reading = Reading
inspect-failed = { $failed } of { $total } files could not be read.
inspect-nothing = Nothing could be read from this file.

# search
search-nothing = No document found for: { $query }
search-total = { $total } found, here { $first }–{ $last }.
search-total-many = More than { $total } found, here { $first }–{ $last }. Add words to find fewer.
search-more = For more add --page { $page }
search-page = p. { $page }:
column-document-id = Document
column-arrival-number = Arrival number
column-code = Number and notation
column-type-name = Type
column-issued-date = Date
column-organ-name = Issuing agency
column-subject = Subject
column-signatory-name = Signatory
column-page = Page
column-snippet = Passage

# show, edit, retry
state-received = in work
state-filed = filed
state-quarantined = a person must look at it
state-secret = secret, set aside
state-cancelled = number cancelled
fact-arrival = Arrival number
fact-received = Received
fact-file = File as received
fact-filed = Filed
fact-folder = Folder
fact-part-of = Cut out of
fact-part = { $document }, pages { $pages }
fact-pages = Pages of the file
fact-reason = Reason
show-history = History
event-accepted = received
event-repeated = the same file received again
event-registered = registered
event-refused = refused
event-read = read
event-filed = filed
event-corrected = corrected
event-quarantined = put before a person
event-retried = tried again
event-secret = set aside as secret
event-withdrawn = correction taken back
event-split = split into several documents
event-kept-whole = confirmed as one document
event-number-cancelled = number cancelled
event-rebuilt = database made anew
edit-done = Corrected { $document }: { $fields }.
retry-done = { $document } is back in the queue; a running service takes it up at once.

# review
review-nothing = No field is left to be checked.
review-total = { $total } fields are to be checked. Run “vanthu review” in a terminal to go through them.
review-done = Decided { $decided } fields, { $left } are left.
review-picture = Picture of this place: { $path }
review-keys = Enter right · e edit · x none · s later · o open · u undo · q quit
review-keys-gap = e fill in · x none · s later · o open · u undo · q quit
review-kept = ✓ { $value }
review-none = ✓ there is none on the page
review-edit = { $field }:
review-edit-left = Left as it was, undecided.
review-undone = Taken back: { $field }
review-nothing-to-undo = There is nothing to take back.
review-batch = { $document }: the file seems to hold several documents, others begin on page { $pages }. See: vanthu split { $document } --dry-run
review-why-missing = could not be read
review-why-weak = { $sure } sure
review-why-several = several signatories; { $sure } sure
review-why-notation = from the notation; { $sure } sure
review-why-time-of-signature = from the time of the digital signature; { $sure } sure
review-why-head-above-deputy = “KT.” may lie under the seal; { $sure } sure
review-why-name-alone = no position seen above it; { $sure } sure
review-why-file-name = from the file's name; { $sure } sure
review-answer-failed = Line { $line }: { $reason }
review-answers-done = Took { $taken } answers, refused { $failed }.
error-pages-unreadable = “{ $value }” are no pages. Write where documents begin, such as --at 4,7.

# split
split-first = { $document } keeps pages { $pages } and the whole file as its original.
split-part = { $document }: pages { $pages }, numbered; a running service reads it at once.
split-would = New document: pages { $pages }
split-done = The file is split.
split-dry-run = Nothing was done. Leave --dry-run out to split it.
split-kept = { $document }: noted as one document.

# register
register-title = BOOK OF ARRIVING DOCUMENTS - { $year }
register-total = { $total } numbers, of which { $cancelled } cancelled.
register-forwarded = Entered: { $document } passed to { $recipient } on { $day }.
register-cancelled = The number of { $document } is cancelled.

# init, watch, rebuild, verify
init-done =
    The workspace is ready.
    Drop documents into:  { $incoming }
    Configuration:        { $config }
    Next:                 vanthu doctor, then vanthu watch
watch-started = Watching { $incoming }. Ctrl-C to stop.
watch-once = Working through what is in { $incoming }.
watch-stopping = Stopping: what is under way is remembered and goes on next time. Ctrl-C again to stop at once.
watch-ended = Stopped.
progress-claimed = { $name }: noticed
progress-secured = { $name }: safely copied
progress-registered = { $document }: registered ({ $name })
progress-repeated = { $document }: the same file received again ({ $name })
progress-refused = { $name }: refused, the reason lies beside it in the folder of refused files
progress-retired = { $document }: taken out of the arrivals folder
progress-page = { $document }: page { $page }/{ $pages }
progress-read = { $document }: read
progress-described = { $document }: metadata found
progress-filed = { $document }: filed
progress-indexed = { $document }: indexed
progress-cleared = { $document }: done
progress-quarantined = { $document }: a person must look at it ({ $name })
progress-secret = { $document }: secret, set aside
rebuild-done = Made anew from the archive: { $documents } documents, { $numbers } arrival numbers.
verify-done = { $checked } folders checked, { $damaged } damaged.
verify-chain-broken = The audit trail was changed from event { $event } on. Tell your administrator at once.

# status
status-watcher = Service
status-watcher-alive = running (process { $pid }), { $mode } on { $system }, looked at { $at }
status-watcher-blind = alive but has not looked since { $at } (process { $pid }, { $mode } on { $system })
status-watcher-dead = not running
status-folder = To be taken in
status-queue = In work
status-filed = Filed
status-last = Latest
status-review = With fields to check
status-split = Perhaps several in one
status-split-how = A file seems to hold several documents. See: vanthu split { $document } --dry-run
status-refused = Refused
status-secret = Secret
status-quarantined = For a person
status-disk = Disk free
status-files = { $count } files
status-documents = { $count } documents
status-waiting = { $waiting } documents, { $running } running
status-free = { $gigabytes } GB
status-start-watcher = Start the service: vanthu watch
status-retry = For the reason: vanthu show { $document }; when mended: vanthu retry { $document }
mode-native = by events
mode-polling = by polling
stage-claimed = being taken in
stage-secured = being registered
stage-registered = waiting to be read
stage-page = reading page
stage-read = finding metadata
stage-described = being filed
stage-filed = being indexed
stage-indexed = tidying up

# doctor
doctor-no-workspace = There is no workspace here; only the machine is checked.
doctor-good = All that is needed is in order.
doctor-bad = Something is wrong: run the commands below each ✗ and check again.
doctor-fine = fine
check-configuration = Configuration
check-tesseract = Tesseract
check-languages = Recognition languages
check-fonts = Fonts
check-office = LibreOffice
check-poppler = Poppler
check-clock = Clock
check-zone = Time zone
check-folder-incoming = Arrivals folder
check-folder-outgoing = Leaving folder
check-folder-review = Review folder
check-folder-refused = Refused folder
check-folder-archive = Archive folder
check-folder-private = Private folder
check-file-system = File system
check-disk = Disk space
check-user = Login
check-database = Database
doctor-configuration =
    mistakes in { $path }:
    { $problems }
doctor-workspace = there is no workspace at { $path }
doctor-tesseract-missing = the recognition program is not installed
doctor-tesseract-old = version { $version } is too old, 5 or later is needed
doctor-languages-missing = data missing: { $languages }
doctor-fonts-missing = no font as wide as Times New Roman; lines of Word files may break elsewhere
doctor-office-missing = not installed; Word, RTF and ODT files will be refused
doctor-poppler-missing = not installed; PDF drafts that lack fonts or have colours for print must wait
doctor-clock-wrong = the machine's clock is wrong: { $now }
doctor-clock-not-synchronised = the clock is not synchronised ({ $now })
doctor-zone-missing = no data for the time zone { $zone }
doctor-folder-missing = { $path } is not there
doctor-folder-not-writable = files cannot be written and renamed in { $path }: { $reason }
doctor-other-user = this login sees only part of the office; the service runs as { $name }
doctor-folder-open-to-others = others can read { $path }
doctor-file-systems-differ = { $incoming } and { $private } are on different file systems; put them on one disk
doctor-disk-low = only { $free } MB left, { $reserve } MB are kept in reserve
doctor-database-missing = there is no database yet
doctor-database-unreachable = { $url } cannot be used: { $reason }
doctor-database-old = its tables are at { $there }, { $wanted } is needed
