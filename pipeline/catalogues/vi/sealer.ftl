# Dịch vụ đóng dấu

error-seal-config-missing = Không thấy tệp cấu hình của dịch vụ đóng dấu: { $path }. Tạo tệp theo mẫu config/seal.toml rồi chạy lại.
error-seal-service-away = Dịch vụ đóng dấu không trả lời tại { $path }. Văn bản được giữ nguyên; khởi động dịch vụ (vanthu seal serve) rồi hệ thống tự làm tiếp.
error-seal-service-busy = Đã có một dịch vụ đóng dấu khác dùng thư mục { $path }. Chỉ chạy một dịch vụ.
error-seal-question = Dịch vụ đóng dấu không hiểu yêu cầu ({ $reason }). Kiểm tra hai bên có cùng phiên bản vanthu.
error-seal-file-unfit = Tệp gửi đến dịch vụ đóng dấu không dùng được ({ $size } byte): không phải tệp thường, hoặc quá lớn.
error-seal-not-valid = Chữ ký của cơ quan vừa tạo cho { $row } không hợp lệ nên không phát hành. Kiểm tra chứng thư số của cơ quan, rồi thử lại.
error-sealed-file-differs = Tệp đã đóng dấu nhận về khác với tệp dịch vụ đã ký: { $path }. Tệp bị bỏ; hệ thống sẽ lấy lại.
error-sealed-file-lost = { $row } đã được đóng dấu nhưng không còn thấy tệp { $path }. Không đóng dấu lần thứ hai: hãy khôi phục tệp từ bản sao lưu.
error-key-not-opened = Khóa của cơ quan chưa được mở. Người giữ dấu chạy: vanthu seal open
error-not-an-officer = Tài khoản có uid { $uid } không phải người giữ dấu. Chỉ những người ghi trong mục officers của seal.toml được duyệt phát hành và mở dấu.
error-not-a-client = Tài khoản có uid { $uid } không được gửi văn bản đến dịch vụ đóng dấu. Xem mục clients của seal.toml.
error-not-released = { $row } chưa được duyệt phát hành, hoặc lệnh duyệt đã hết hạn. Người giữ dấu chạy: vanthu release { $row }
error-order-replayed = Lệnh duyệt phát hành cho { $row } đã được dùng. Duyệt lại bằng: vanthu release { $row }
error-unlocking-not-configured = Nơi này duyệt từng văn bản, không mở dấu theo giờ. Dùng vanthu release, hoặc đặt release = "unlocked" trong seal.toml.
error-unlock-hours = Chỉ mở dấu được nhiều nhất { $limit } giờ một lần.
error-unlocked-too-often = Đã mở dấu { $limit } lần trong một giờ. Chờ rồi thử lại; nếu không phải bạn mở, hãy báo người quản trị.
error-row-unknown = Sổ đăng ký văn bản đi chưa cấp số { $row }. Không đóng dấu khi chưa có số.
error-row-cancelled = Số { $row } đã bị hủy trong sổ đăng ký văn bản đi nên không đóng dấu.
error-row-of-another-file = Số { $row } trong sổ là của một tệp khác. Không đóng dấu; kiểm tra lại tệp đã ký.
error-row-changed = Sổ ghi về { $row } đã bị sửa sau khi cho phát hành: khi đó là “{ $then }”, nay là “{ $now }”. Không đóng dấu; kiểm tra sổ rồi cho phát hành lại.
error-row-sealed-already = Số { $row } đã được đóng dấu cho một tệp khác. Một số chỉ đóng dấu một lần.
error-file-sealed-already = Tệp này đã được đóng dấu dưới số { $row }. Một tệp chỉ đóng dấu một lần.
error-file-differs = Tệp gửi đến không phải tệp đã được duyệt cho { $row }. Không đóng dấu; duyệt lại đúng tệp.
error-leader-not-accepted = Không đóng dấu { $row }: chữ ký của người có thẩm quyền không đạt ({ $reasons }). Xem chi tiết: vanthu validate TỆP

reason-leader-unsigned = chưa có chữ ký
reason-leader-unreadable = không kiểm tra được chữ ký
reason-leader-not-valid = chữ ký không hợp lệ hoặc chưa kiểm tra được
reason-leader-changed-after = bị thay đổi sau khi ký
reason-leader-forbids-sealing = chữ ký không cho ghi số và đóng dấu
reason-leader-not-last = có người ký sau
reason-leader-not-allowed = người ký không có trong danh sách
reason-leader-out-of-term = ngoài thời hạn được ký
reason-leader-lacks-competence = sai thẩm quyền ký
reason-leader-field-missing = thiếu ô
reason-leader-field-filled = ô đã được điền trước
