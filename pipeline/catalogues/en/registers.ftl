# Registers
error-register-unknown = There is no register “{ $register }”. Known: { $known }.
error-cancel-reason-missing = No reason was given for cancelling number { $number } of { $year }. A number once given is cancelled with a reason only; give the reason and try again.
error-register-number-not-found = Register “{ $register }” of { $year } has no number { $number }. Check with “vanthu register { $register } --year { $year }”.
error-number-already-cancelled = Number { $number } of { $year } is cancelled already, reason: { $reason }. Nothing is left to do.
error-document-not-in-register = Document { $document } stands in no register. Check its id.
