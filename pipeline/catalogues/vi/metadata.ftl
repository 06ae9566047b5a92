# Trường thông tin

finding-secrecy-doubtful = Trang { $page } có dấu hiệu giống dấu chỉ độ mật nhưng không đọc rõ. Đề nghị kiểm tra ngay: văn bản mật không được đưa vào hệ thống này.
finding-several-documents = Tệp này có vẻ gồm { $amount } văn bản: văn bản khác bắt đầu ở trang { $pages } (chắc chắn khoảng { $confidence } %). Tách: vanthu split; giữ nguyên: vanthu split --keep.
finding-pages-put-in-order = Các trang quét không theo thứ tự nên đã được đọc theo số trang in trên giấy: trang { $order } của tệp. Bản gốc giữ nguyên.
finding-pages-out-of-order = Số trang in trên giấy không theo thứ tự ({ $order }). Đề nghị kiểm tra xem có trang nào quét thiếu hoặc lẫn thứ tự không.
