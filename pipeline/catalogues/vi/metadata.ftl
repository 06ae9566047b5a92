# Trường thông tin

finding-secrecy-doubtful = Trang { $page } có dấu hiệu giống dấu chỉ độ mật nhưng không đọc rõ. Đề nghị kiểm tra ngay: văn bản mật không được đưa vào hệ thống này.
