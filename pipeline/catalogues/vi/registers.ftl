# Sổ đăng ký
error-register-unknown = Không có sổ “{ $register }”. Các sổ hiện có: { $known }.
error-cancel-reason-missing = Chưa ghi lý do hủy số { $number } năm { $year }. Số đã cấp chỉ được hủy khi có lý do; xin ghi rõ lý do rồi thử lại.
error-register-number-not-found = Trong sổ “{ $register }” năm { $year } không có số { $number }. Xin xem lại số và năm bằng lệnh “vanthu register { $register } --year { $year }”.
error-number-already-cancelled = Số { $number } năm { $year } đã được hủy từ trước, lý do: { $reason }. Không cần làm gì thêm.
error-document-not-in-register = Văn bản { $document } không có trong sổ nào. Xin kiểm tra lại mã văn bản.
