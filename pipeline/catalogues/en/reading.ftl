# Reading
error-tesseract-missing = The text recogniser Tesseract is not installed. Install it with “sudo apt install tesseract-ocr tesseract-ocr-vie” and run again.
error-tesseract-language-missing = Tesseract has no data for the language “{ $language }”. Install it with “sudo apt install tesseract-ocr-vie tesseract-ocr-osd”, or change reading.languages in vanthu.toml.
error-tesseract-failed = Tesseract could not read the page image: { $reason }. Run “vanthu doctor” to check.
error-libreoffice-missing = “{ $path }” cannot be read yet because LibreOffice is not installed. Install it with “sudo apt install libreoffice-writer”, or send the document as a PDF.
error-office-conversion-failed = LibreOffice could not turn “{ $path }” into a PDF; the file may be damaged. Try to open it, or send the document as a PDF.
error-office-timeout = LibreOffice took longer than { $seconds } seconds over “{ $path }” and was stopped. Send the document as a PDF.
error-document-locked = “{ $path }” has a password and cannot be read. Ask the sender for a copy without a password.
error-document-unopenable = “{ $path }” cannot be opened for reading: { $reason }. It may be damaged; check the original.
error-document-timeout = Looking at “{ $path }” took longer than { $seconds } seconds and was stopped. Check the file, or send the document as a plain PDF.
error-document-without-pages = “{ $path }” has no pages. Check the file.
error-image-unreadable = The image “{ $path }” cannot be decoded: { $reason }. It may be damaged; scan it again.
error-page-damaged = Page { $number } is damaged and cannot be opened.
error-page-too-many-pixels = A page image of { $width } × { $height } pixels is larger than allowed. Scan it again at a lower resolution (300 dpi is enough).
error-readers-failed = The reading processes stopped while reading “{ $path }”. It will be read again by itself; if that fails too, check the machine's memory.
error-copy-unwritable = The reading copy of “{ $path }” could not be made: { $reason }. The original is untouched.
error-crop-unwritable = Page { $number } of “{ $path }” cannot be shown: { $reason }. Open the document with “vanthu open”.
error-part-unwritable = Pages of “{ $path }” could not be cut out: { $reason }. The original is untouched.

finding-page-timeout = Page { $page } could not be read within { $seconds } seconds. Please look at this page.
finding-page-unreadable = Page { $page } could not be read ({ $reason }). Please look at this page.
finding-page-too-many-pixels = Page { $page } could not be read: an image of { $width } × { $height } pixels is too large. Scan it again at 300 dpi.
finding-legacy-encoding = { $page ->
    [0] The document
   *[other] Page { $page }
} is written in old Vietnamese fonts ({ $encoding }); what was read of it is Unicode. The original is untouched.
finding-tracked-changes = The document has { $changes } tracked changes that nobody accepted; it was read with all of them accepted: deleted words are gone, inserted ones are kept. Ask the sender whether this is the final text. The original is untouched.
finding-text-layer-distrusted = Page { $page } has a text layer that is of no use ({ $reason ->
    [ocr-layer] hidden text left by a scanner
    [differs] it says something else than the page shows: the file is damaged or was tampered with
    [under-scan] text under a scanned image
    [legacy-font] old TCVN3 or VNI fonts
    [broken-unicode] broken character codes
    [strange-letters] broken character codes
   *[other] text without words
}); the page was recognised from its image.
