error-original-not-staged = Không còn bản sao an toàn của văn bản { $document } để đọc lại. Hãy chạy “vanthu verify { $document }” để kiểm tra kho lưu trữ.
error-document-not-found = Không có văn bản { $document }. Hãy tìm mã văn bản bằng “vanthu search”.
error-edit-not-filed =
    Văn bản { $document } chưa lưu trữ xong (trạng thái: { $state ->
        [received] đang xử lý
        [quarantined] cần người xem lại
        [secret] văn bản mật
       *[filed] đã lưu trữ
    }) nên chưa sửa được. Hãy xem “vanthu status”.
error-retry-not-quarantined =
    Văn bản { $document } không ở trong danh sách cần xem lại (trạng thái: { $state ->
        [received] đang xử lý
        [quarantined] cần người xem lại
        [secret] văn bản mật
       *[filed] đã lưu trữ
    }) nên không cần thử lại.
error-field-unknown = Không có trường “{ $field }”. Các trường có thể sửa: { $known }.
error-date-unreadable = Không hiểu ngày “{ $value }”. Hãy viết dạng 15/03/2026 hoặc 2026-03-15.
error-file-not-found = Không có tệp { $path }. Hãy kiểm tra lại đường dẫn.
error-workspace-busy = Một tiến trình vanthu khác đang phục vụ thư mục { $path }. Hãy dừng tiến trình đó, hoặc xem “vanthu status”.
error-reading-kills-service = Việc đọc văn bản { $document } đã nhiều lần làm dừng dịch vụ. Hãy mở tệp để kiểm tra, quét lại nếu cần, rồi thử lại.
error-engine-unavailable = Không dùng được bộ điều phối công việc ({ $url }): { $reason }. Hãy chạy “vanthu doctor”.
error-unexpected = Lỗi ngoài dự kiến: { $reason }. Văn bản vẫn còn nguyên; hãy gửi tệp nhật ký cho người quản trị.
error-answer-unreadable = Câu trả lời không đúng mẫu ({ $reason }). Mỗi dòng là một JSON có document_id, field, decision (right, none hoặc value) và value.
error-nothing-to-confirm = Trường “{ $field }” của văn bản { $document } chưa có giá trị nào để xác nhận. Hãy điền giá trị, hoặc trả lời là không có.
error-split-not-filed = Văn bản { $document } chưa lưu trữ xong hoặc đã hủy số nên không tách được. Hãy xem “vanthu show { $document }”.
error-split-signed = Văn bản { $document } có chữ ký số: tách ra thì chữ ký không còn giá trị, nên không tách.
error-split-already = Tệp của văn bản { $document } đã được tách. Hãy xem “vanthu show { $document }”.
error-split-not-proposed = Máy không thấy văn bản { $document } gồm nhiều văn bản. Nếu đúng là có, hãy chỉ ra trang bắt đầu: vanthu split { $document } --at TRANG
error-split-no-such-page = Văn bản { $document } có { $amount } trang; các trang bắt đầu phải từ 2 đến { $amount }.
error-split-no-pages = Văn bản { $document } không có bản PDF nào để tách trang. Hãy quét lại từng văn bản thành tệp riêng.
part-name = { $name } (trang { $pages })
note-split = Tách từ tệp này: { $documents }
note-part-of = Tách từ { $document }, trang { $pages }
note-received-again = Nhận lại lúc { $day }
note-same-code = Trùng số, ký hiệu và cơ quan ban hành với { $document }
quarantine-retry = Sau khi xử lý xong nguyên nhân, hãy chạy: vanthu retry { $document }
secret-cancelled = Văn bản mật: đăng ký vào sổ riêng theo pháp luật về bảo vệ bí mật nhà nước
secret-set-aside =
    Văn bản { $document } có dấu chỉ độ mật nên không được xử lý trong hệ thống này.
    Bản gốc đã được cất tại { $path }, chỉ người quản trị dịch vụ mở được. Nội dung đã đọc không được lưu lại.
    Hãy chuyển văn bản cho người phụ trách văn bản mật để đăng ký vào sổ riêng.
error-secrecy-doubtful =
    Văn bản { $document } có dấu giống dấu chỉ độ mật nhưng đọc không rõ, nên chưa được lưu trữ và chưa ai khác xem được.
    Hãy xem bản giấy. Nếu không phải văn bản mật: vanthu retry { $document } --not-secret
finding-reading-copy-missing = Không lập được bản đọc ({ $reason }). Bản gốc đã được lưu trữ nguyên vẹn và vẫn tìm được.
error-secrecy-unseen =
    Trang đầu của văn bản { $document } không đọc được nên chưa biết có dấu chỉ độ mật hay không; văn bản chưa được lưu trữ.
    Hãy xem bản giấy và quét lại nếu cần. Nếu không phải văn bản mật: vanthu retry { $document } --not-secret
