# Metadata

finding-secrecy-doubtful = Page { $page } bears what looks like a secrecy mark but cannot be read surely. Please check at once: secret documents must not be kept in this system.
finding-several-documents = This file seems to hold { $amount } documents: others begin on page { $pages } (about { $confidence } % sure). To split it: vanthu split; to keep it whole: vanthu split --keep.
finding-pages-put-in-order = The pages were scanned out of order and were read by their printed numbers: pages { $order } of the file. The original is untouched.
finding-pages-out-of-order = The printed page numbers are out of order ({ $order }). Please see whether pages are missing or mixed up.
finding-nothing-written = The file has blank pages only. Please see whether the wrong side was scanned.
finding-page-without-words = No word could be read on page { $page }: a picture, or too blurred. Please look at this page.
finding-page-hard-to-read = Page { $page } is very hard to read (only { $sure } % sure of its words). Compare with the paper; scan it again at 300 dpi.
finding-page-coarse = Page { $page } was scanned too coarsely ({ $dpi } dpi); digits are easily misread. Scan it again at 200 dpi or more.
finding-other-language = The document is in another language ({ $language }): it may not have the fields of Decree 30.
