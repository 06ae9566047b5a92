# Đọc văn bản
error-tesseract-missing = Máy chưa cài chương trình nhận dạng chữ Tesseract. Xin cài bằng lệnh “sudo apt install tesseract-ocr tesseract-ocr-vie” rồi chạy lại.
error-tesseract-language-missing = Tesseract chưa có dữ liệu ngôn ngữ “{ $language }”. Xin cài bằng lệnh “sudo apt install tesseract-ocr-vie tesseract-ocr-osd” hoặc sửa khóa reading.languages trong vanthu.toml.
error-tesseract-failed = Tesseract không đọc được trang ảnh: { $reason }. Xin chạy “vanthu doctor” để kiểm tra.
error-libreoffice-missing = Chưa đọc được tệp “{ $path }” vì máy chưa cài LibreOffice. Xin cài bằng lệnh “sudo apt install libreoffice-writer”, hoặc gửi lại văn bản ở dạng PDF.
error-office-conversion-failed = LibreOffice không chuyển được tệp “{ $path }” sang PDF; có thể tệp bị hỏng. Xin mở thử tệp, hoặc gửi lại văn bản ở dạng PDF.
error-office-timeout = LibreOffice chuyển tệp “{ $path }” quá { $seconds } giây nên đã bị dừng. Xin gửi lại văn bản ở dạng PDF.
error-document-locked = Tệp “{ $path }” có đặt mật khẩu nên không đọc được. Xin đề nghị nơi gửi gửi lại bản không đặt mật khẩu.
error-document-unopenable = Không mở được tệp “{ $path }” để đọc: { $reason }. Tệp có thể bị hỏng; xin kiểm tra bản gốc.
error-document-timeout = Xem xét tệp “{ $path }” quá { $seconds } giây nên đã dừng. Xin kiểm tra tệp, hoặc gửi lại văn bản ở dạng PDF thông thường.
error-document-without-pages = Tệp “{ $path }” không có trang nào. Xin kiểm tra lại tệp.
error-image-unreadable = Không giải mã được ảnh “{ $path }”: { $reason }. Ảnh có thể bị hỏng; xin quét lại.
error-page-damaged = Trang { $number } bị hỏng, không mở được.
error-page-too-many-pixels = Trang ảnh { $width } × { $height } điểm lớn hơn mức cho phép. Xin quét lại ở độ phân giải thấp hơn (300 dpi là đủ).
error-readers-failed = Các tiến trình đọc bị dừng đột ngột khi đang đọc tệp “{ $path }”. Hệ thống sẽ tự đọc lại; nếu vẫn lỗi, xin kiểm tra bộ nhớ của máy.
error-copy-unwritable = Không lập được bản đọc của tệp “{ $path }”: { $reason }. Bản gốc vẫn nguyên vẹn.
error-crop-unwritable = Không hiển thị được trang { $number } của tệp “{ $path }”: { $reason }. Xin mở văn bản bằng “vanthu open” để xem.
error-part-unwritable = Không tách được trang từ tệp “{ $path }”: { $reason }. Bản gốc vẫn nguyên vẹn.

finding-page-timeout = Trang { $page } chưa đọc được: quá { $seconds } giây. Xin xem trang này bằng mắt.
finding-page-unreadable = Trang { $page } không đọc được ({ $reason }). Xin xem trang này bằng mắt.
finding-page-too-many-pixels = Trang { $page } không đọc được: ảnh { $width } × { $height } điểm là quá lớn. Xin quét lại ở 300 dpi.
finding-legacy-encoding = { $page ->
    [0] Văn bản
   *[other] Trang { $page }
} dùng phông chữ cũ ({ $encoding }); nội dung đọc được đã chuyển sang Unicode. Bản gốc vẫn nguyên vẹn.
finding-tracked-changes = Văn bản còn { $changes } chỗ sửa đổi chưa được chấp nhận (Track Changes); nội dung được đọc như khi chấp nhận tất cả: phần bị gạch bỏ không còn, phần chèn thêm được giữ. Xin hỏi nơi gửi đây đã là bản chính thức chưa. Bản gốc vẫn nguyên vẹn.
finding-text-layer-distrusted = Trang { $page } có lớp chữ nhưng không dùng được ({ $reason ->
    [ocr-layer] lớp chữ ẩn do máy quét tạo
    [differs] chữ không khớp với hình của trang, có thể do tệp hỏng hoặc bị sửa
    [under-scan] chữ nằm dưới ảnh quét
    [legacy-font] phông chữ cũ TCVN3, VNI
    [broken-unicode] bảng mã ký tự bị hỏng
    [strange-letters] bảng mã ký tự bị hỏng
   *[other] chữ không thành lời
}); trang đã được nhận dạng từ ảnh.
