# Metadata

finding-secrecy-doubtful = Page { $page } bears what looks like a secrecy mark but cannot be read surely. Please check at once: secret documents must not be kept in this system.
finding-several-documents = This file seems to hold { $amount } documents: others begin on page { $pages } (about { $confidence } % sure). To split it: vanthu split; to keep it whole: vanthu split --keep.
finding-pages-put-in-order = The pages were scanned out of order and were read by their printed numbers: pages { $order } of the file. The original is untouched.
finding-pages-out-of-order = The printed page numbers are out of order ({ $order }). Please see whether pages are missing or mixed up.
