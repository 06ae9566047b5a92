# Văn bản đi

error-seal-not-configured = Chưa khai báo dịch vụ đóng dấu nên chưa nhận văn bản đã ký. Đặt seal = "…/seal.toml" trong mục [outgoing] của vanthu.toml ({ $path }).
error-seal-config-not-named = Chưa biết tệp cấu hình của dịch vụ đóng dấu. Thêm --config TỆP, hoặc đặt seal trong mục [outgoing] của vanthu.toml.
error-draft-is-a-picture = { $path }: bản thảo là ảnh nên không đặt được chữ ký vào đúng chỗ. Thả tệp DOCX, ODT hoặc PDF.
error-changes-not-accepted = { $path }: còn { $changes } chỗ sửa đổi chưa được chấp nhận (Track Changes), nên chưa rõ câu chữ nào là chính thức. Mở tệp, chấp nhận hoặc từ chối từng chỗ, lưu lại rồi thả (hoặc đưa) lại.
error-draft-repeated = { $path }: bản thảo này đã được trình ký. Tìm trong thư mục trinh-ky, hoặc sửa bản thảo rồi thả lại.
error-signed-not-prepared = { $path }: tệp đã ký không bắt nguồn từ văn bản nào trong trinh-ky. Ký đúng tệp trong trinh-ky, không in ra hay lưu lại bằng phần mềm khác rồi mới ký.
error-signed-already = { $path }: văn bản này đã có bản ký trước đó và đang được xử lý. Tệp này không được dùng.
error-signed-returned = { $path }: văn bản này đã được trả lại cho người soạn nên bản ký không được dùng. Muốn phát hành thì thả lại bản thảo vào du-thao.
error-signed-not-accepted = { $path }: chữ ký chưa đạt nên chưa cấp số.{ $reasons }Việc cần làm: người có thẩm quyền ký lại tệp trong trinh-ky bằng chứng thư còn hiệu lực rồi thả vào da-ky. Nếu đúng người, đúng chứng thư mà vẫn không được, báo người quản trị.
error-sealed-not-valid = { $path }: bản đã đóng dấu không qua được kiểm tra ({ $reason }) nên không phát hành. Văn bản giữ nguyên số; báo người quản trị.
error-leader-status-unknown = { $path }: chưa hỏi được cơ quan chứng thực xem chứng thư của người ký có bị thu hồi không. Văn bản được giữ lại và tự kiểm tra lại; không cần làm gì.
error-cancel-on-its-way = { $document } đang được đóng dấu nên chưa hủy được. Chờ phát hành xong, hoặc chờ đến khi vanthu release ghi “chưa phát hành được”, rồi hủy.
error-reject-numbered = { $path } đã có số { $document } nên không trả lại được. Nếu không phát hành nữa, hủy số: vanthu register cancel { $document } --reason "…"
error-reject-issued = { $path } đã phát hành với số { $document } nên không trả lại được.
error-reject-returned = { $path } đã được trả lại từ trước. Không cần làm gì thêm.
error-reject-alone = Trả lại từng văn bản một và phải ghi lý do: vanthu release --reject MÃ --reason "lý do"
error-not-waiting = Không có văn bản nào đang chờ duyệt phát hành tên là { $name }. Xem danh sách: vanthu release
error-released-elsewhere = { $name }: người khác vừa duyệt phát hành. Xem lại danh sách: vanthu release
error-release-ambiguous = Có nhiều văn bản đang chờ tên là { $name }. Ghi mã ở đầu dòng của văn bản cần duyệt: { $handles }.
error-release-unfinished = Lệnh duyệt chưa đến được dịch vụ đóng dấu. Số đã cấp được giữ nguyên; duyệt lại.
error-release-not-officer = { $officer } không phải người giữ dấu. Chỉ những người ghi trong mục officers của seal.toml được duyệt phát hành.

finding-leaving-restored = { $name } đang trên đường phát hành: đã nhận lại từ thư mục của nó. Văn bản đã có số thì người giữ dấu duyệt lại (vanthu release).
finding-leaving-forgotten = { $path }: văn bản đi dở dang này không nhận lại được. Tìm bản thảo, bản ký trong thư mục ấy và thả lại vào du-thao.

progress-prepared = { $name }: đã chuẩn bị, chờ lãnh đạo ký (thư mục trinh-ky)
progress-waiting = { $name }: chữ ký của lãnh đạo hợp lệ, chờ duyệt phát hành (vanthu release)
progress-sealed = { $name }: đã cấp số và đóng dấu
progress-issued = { $document }: đã phát hành { $name } (thư mục da-phat-hanh)
progress-returned = { $name }: đã trả lại (thư mục tra-lai)
progress-upgraded = { $document }: đã bổ sung dấu thời gian và trạng thái chứng thư còn thiếu khi ký

help-release = Duyệt phát hành văn bản đi: cấp số, ngày và cho đóng dấu. Không ghi gì thêm: liệt kê văn bản đang chờ.
help-release-epilog = Chỉ người giữ dấu (ghi trong seal.toml) duyệt được.
help-release-what = mã ở đầu dòng trong danh sách, tên tệp hoặc số văn bản
help-release-all = duyệt tất cả văn bản đang chờ
help-release-reject = trả lại người soạn một văn bản chưa có số (mã ở đầu dòng hoặc tên tệp)
help-release-reason = lý do trả lại
help-seal = Dịch vụ giữ khóa và đóng dấu của cơ quan.
help-seal-serve = Chạy dịch vụ đóng dấu (tiến trình riêng, giữ khóa của cơ quan).
help-seal-status = Xem dịch vụ đóng dấu có chạy không, khóa đã mở chưa, ai được duyệt.
help-seal-open = Nhập mã PIN hoặc mật khẩu của khóa cơ quan.
help-seal-unlock = Mở dấu trong một số giờ: văn bản đạt mọi kiểm tra được cấp số và đóng dấu ngay.
help-seal-lock = Khóa dấu lại ngay.
help-seal-config = tệp cấu hình của dịch vụ đóng dấu (seal.toml)
help-seal-prompt = hỏi mã PIN khi khởi động
help-seal-hours = số giờ

release-nothing = Không có văn bản nào chờ duyệt phát hành.
release-how = Duyệt: vanthu release MÃ (ghi ở đầu dòng), hoặc vanthu release --all
release-held = chưa phát hành được: { $reason }
release-unsigned = Còn chờ lãnh đạo ký:
release-how-reject = Trả lại người soạn: vanthu release --reject MÃ --reason "lý do"
release-rejected = Đã trả lại { $name }. Dịch vụ theo dõi chuyển tệp vào thư mục tra-lai cùng lý do.
returned-why = { $name }: { $officer } trả lại ngày { $day }. Lý do: { $reason }. Sửa bản thảo rồi thả lại vào thư mục du-thao.
returned-cancelled = { $name }: không phát hành, số { $document } đã bị hủy (ngày { $day }). Nếu vẫn cần ban hành, thả lại bản thảo vào thư mục du-thao; văn bản sẽ nhận số khác.
release-done = { $document }: đã duyệt phát hành { $name }
seal-serving = Dịch vụ đóng dấu đang chạy tại { $socket }
seal-key-open = Khóa đã mở: { $holder }
seal-key-closed = Khóa chưa mở. Người giữ dấu chạy: vanthu seal open
seal-release-each = Duyệt từng văn bản (vanthu release).
seal-release-unlocked = Tự đóng dấu trong giờ mở dấu (vanthu seal unlock).
seal-officers = Người giữ dấu: { $officers }
seal-unlocked = Dấu đang mở bởi { $officer } đến { $until }.
seal-locked = Dấu đã khóa.

status-to-sign = Chờ lãnh đạo ký
status-to-release = Chờ duyệt phát hành
status-to-upgrade = Chờ bổ sung dấu thời gian
status-held = Cần duyệt lại
status-hindered = Chờ dịch vụ, thiết bị
status-release = Xem lý do và duyệt lại: vanthu release

check-seal = Dịch vụ đóng dấu
check-seal-people = Người giữ dấu
check-seal-roots = Chứng thư tin cậy của dịch vụ đóng dấu
check-signatories = Người có thẩm quyền ký
doctor-seal-configuration = không dùng được cấu hình { $path }
doctor-seal-away = không trả lời tại { $path }: { $reason }
doctor-seal-key-closed = đang chạy nhưng khóa chưa mở
doctor-seal-certificate-expired = chứng thư số của { $holder } đã hết hạn ngày { $until }; xin cấp mới
doctor-seal-certificate-ends = chứng thư số của { $holder } sắp hết hạn ngày { $until }; xin cấp mới ngay
doctor-seal-people-unknown = máy này không có tài khoản ghi trong seal.toml: { $problems }
doctor-seal-people-same = { $name } vừa là người giữ dấu vừa là dịch vụ theo dõi; hãy dùng tài khoản riêng cho dịch vụ
doctor-certificate-ended = chứng thư số của { $name } đã hết hạn ngày { $until }; xin cấp mới rồi ghi mã mới vào seal.toml
doctor-certificate-ends = chứng thư số của { $name } sắp hết hạn ngày { $until }; xin cấp mới ngay
doctor-seal-roots-missing = { $path } thiếu { $count } chứng thư mà cơ quan đã tin cậy; chữ ký của lãnh đạo có thể bị từ chối
doctor-seal-roots-unreadable = không đọc được { $path }: { $reason }
doctor-signatories-ended = đã hết thời hạn ký: { $names }
