# Archive and search
error-bag-damaged = The bag { $path } is no longer whole ({ $reason }). Do not mend it by hand: restore it from a backup, then run “vanthu verify”.
error-bag-holds-another = The bag { $path } already holds another document under { $document }. Nothing was overwritten; have the administrator look at this bag.
error-bag-not-found = The bag of document { $document } is not at { $path }. Check the archive folder or restore it from a backup.
error-original-changed = The original { $path } of document { $document } was changed after it was taken in and was not filed. Check the disk and drop the original file again.
error-search-mark-unknown = The page mark “{ $mark }” is not understood. Search again from the first page.

finding-bag-file-changed = Bag { $bag }: file { $file } is not what was filed.
finding-bag-file-missing = Bag { $bag }: file { $file } is missing.
finding-bag-file-extra = Bag { $bag }: file { $file } does not belong there.
finding-bag-unreadable = Bag { $bag } cannot be read: { $reason }. Restore it from a backup.
finding-bag-contradicts = Bag { $bag } contradicts another document (same original or same number) and was not put into the index.
finding-refusal-unreadable = The reason file { $path } cannot be read: { $reason }.
finding-register-numbers-missing = Register “{ $register }” of { $year }: { $amount } numbers that were given are nowhere ({ $numbers }). They will not be given again.
finding-search-field-unknown = There is no field “{ $field }”: it was looked for as a word.
finding-search-value-unknown = “{ $value }” means nothing in the field “{ $field }”: it was looked for as words.
