# Lỗi của nền móng: cấu hình, không gian làm việc, đĩa, cơ sở dữ liệu
error-workspace-not-found = Chưa có không gian làm việc ở { $path }. Hãy tạo bằng “vanthu init”, hoặc chỉ ra thư mục bằng --workspace.
error-config-unreadable =
    Không đọc được tệp cấu hình { $path }:
    { $problems }
    Hãy sửa tệp rồi chạy lại.
error-config-invalid =
    Cấu hình { $path } có chỗ sai (dấu “? →” chỉ tên khóa gần đúng nhất):
    { $problems }
    Hãy sửa tệp rồi chạy lại.
error-folders-overlap =
    Trong { $path } có các thư mục nằm lồng nhau, văn bản ra sẽ lại đi vào:
    { $problems }
    Hãy đặt chúng ở những thư mục riêng rồi chạy lại.
error-config-data-missing = Thiếu dữ liệu đi kèm chương trình ở { $path }. Hãy cài đặt lại vanthu.
error-disk-full = Đĩa đã đầy khi ghi { $path } ({ $reason }). Hãy giải phóng dung lượng; công việc sẽ tự tiếp tục.
error-cannot-write = Không ghi được { $path }: { $reason }. Hãy kiểm tra quyền của thư mục bằng “vanthu doctor”.
error-database-unavailable = Không dùng được cơ sở dữ liệu { $url }: { $reason }. Hãy chạy “vanthu doctor” để biết cách sửa.
error-database-forbidden = Tài khoản này không được xem hoặc ghi phần đó của cơ sở dữ liệu { $url }. Chạy lệnh bằng tài khoản của dịch vụ, ví dụ: sudo -u vanthu vanthu status
error-database-newer = Cơ sở dữ liệu { $url } do một phiên bản Vanthu mới hơn lập ra. Hãy cài phiên bản mới nhất rồi chạy lại; không có gì bị thay đổi.
