# Trường thông tin

finding-secrecy-doubtful = Trang { $page } có dấu hiệu giống dấu chỉ độ mật nhưng không đọc rõ. Đề nghị kiểm tra ngay: văn bản mật không được đưa vào hệ thống này.
finding-several-documents = Tệp này có vẻ gồm { $amount } văn bản: văn bản khác bắt đầu ở trang { $pages } (chắc chắn khoảng { $confidence } %). Tách: vanthu split; giữ nguyên: vanthu split --keep.
finding-pages-put-in-order = Các trang quét không theo thứ tự nên đã được đọc theo số trang in trên giấy: trang { $order } của tệp. Bản gốc giữ nguyên.
finding-pages-out-of-order = Số trang in trên giấy không theo thứ tự ({ $order }). Đề nghị kiểm tra xem có trang nào quét thiếu hoặc lẫn thứ tự không.
finding-nothing-written = Tệp chỉ có trang trắng. Đề nghị kiểm tra xem có quét nhầm mặt giấy không.
finding-page-without-words = Trang { $page } không đọc được chữ nào: là hình ảnh, hoặc quét, chụp quá mờ. Xin xem trang này bằng mắt.
finding-page-hard-to-read = Trang { $page } rất khó đọc (máy chỉ chắc { $sure } % số chữ). Xin đối chiếu với bản giấy, nên quét lại ở 300 dpi.
finding-page-coarse = Trang { $page } quét quá thưa ({ $dpi } dpi), chữ số dễ bị đọc nhầm. Nên quét lại từ 200 dpi trở lên.
finding-other-language = Văn bản viết bằng tiếng nước ngoài ({ $language }): các trường theo Nghị định 30 có thể không có trên giấy.
