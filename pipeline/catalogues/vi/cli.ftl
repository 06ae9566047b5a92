# Dòng lệnh: trợ giúp
help-vanthu =
    Vanthu - trợ lý của bộ phận văn thư.
    Thả văn bản vào thư mục văn bản đến: văn bản được đọc, vào sổ, lưu trữ và tìm lại được.
help-vanthu-epilog = Xem thêm về một lệnh: vanthu LỆNH --help
help-init = Tạo không gian làm việc: các thư mục, cấu hình, cơ sở dữ liệu.
help-init-dir = Thư mục sẽ tạo (mặc định: thư mục đang đứng). Đã có sẵn thì giữ nguyên mọi thứ.
help-watch = Theo dõi thư mục văn bản đến cho đến khi dừng (Ctrl-C).
help-watch-once = Xử lý hết những gì đang có rồi kết thúc.
help-rebuild = Dựng lại cơ sở dữ liệu và sổ từ các thư mục lưu trữ.
help-verify = Kiểm tra kho lưu trữ còn nguyên vẹn từng byte.
help-verify-json = In ra JSON, mỗi văn bản một dòng
help-inspect = Đọc tệp và in ra các trường thông tin, không lưu gì cả.
help-inspect-files = Tệp PDF, TIFF, JPEG, PNG, HEIC, DOC, DOCX, ODT, RTF
help-inspect-json = In ra JSON, mỗi tệp một dòng
help-inspect-text = In cả nội dung từng trang
help-inspect-epilog = Ví dụ: vanthu inspect --json --text *.pdf > ket-qua.jsonl
help-search = Tìm văn bản theo từ, cụm từ, số ký hiệu hoặc từng trường.
help-search-query = Từ cần tìm, có dấu hay không dấu đều được
help-search-limit = Số kết quả mỗi trang (mặc định 20)
help-search-page = Trang thứ mấy
help-search-after = Tiếp sau dấu “next” của lần tìm trước (dùng với --json)
help-search-newest = Văn bản mới trước
help-search-oldest = Văn bản cũ trước
help-search-epilog =
    Ví dụ:
      vanthu search ke hoach phong chay
      vanthu search '"phòng cháy chữa cháy"'
      vanthu search 15/KH-BQL
      vanthu search 'loại:KH năm:2021 ký:"Nguyễn Văn A"'
help-show = Xem mọi điều đã biết về một văn bản.
help-show-text = In cả nội dung từng trang
help-id = Mã văn bản: den-2026-00015, 2026/15, hoặc 15 (số đến của năm nay)
help-open = Mở bản đọc (hoặc bản gốc) của một văn bản.
help-open-original = Mở bản gốc, không phải bản đọc
help-open-path = Chỉ in đường dẫn
help-review = Xem lại lần lượt các trường máy chưa chắc, chỗ dễ sai nhất trước.
help-review-ids = Chỉ những văn bản này (mặc định: tất cả)
help-review-field = Chỉ một trường, ví dụ number, date, agency
help-review-limit = Xem nhiều nhất bấy nhiêu trường
help-review-out = Thư mục ghi ảnh cắt của từng chỗ (PNG)
help-review-answers = Tệp trả lời, mỗi dòng một JSON; “-” là đầu vào chuẩn
help-review-json = In ra JSON, mỗi trường một dòng, không hỏi gì
help-review-epilog =
    Phím: Enter hoặc y đúng; e sửa; x trên giấy không có; 1-9 chọn gợi ý;
    s để sau; o mở văn bản; u hoàn tác; q thôi.
    Ví dụ: vanthu review --field number --limit 20
help-split = Tách một tệp gồm nhiều văn bản; mỗi văn bản được cấp số riêng.
help-split-at = Trang bắt đầu của từng văn bản sau, ví dụ 4,7
help-split-keep = Tệp chỉ là một văn bản: bỏ đề nghị tách
help-split-dry-run = Chỉ cho biết sẽ tách thế nào
help-split-epilog = Ví dụ: vanthu split 15 --at 4,7
help-edit = Sửa các trường đọc sai; giá trị máy đọc vẫn được giữ lại.
help-edit-clear = Xóa giá trị của trường, ví dụ --clear priority
help-edit-epilog = Ví dụ: vanthu edit 15 --subject "V/v nghỉ lễ" --date 15/03/2026
help-retry-not-secret = Xác nhận văn bản không có dấu chỉ độ mật.
help-retry = Xử lý lại một văn bản trong danh sách cần xem lại.
help-register = Xem sổ đăng ký văn bản, hủy số.
help-register-den = In sổ đăng ký văn bản đến, đủ các cột theo Phụ lục IV.
help-register-year = Năm của sổ (mặc định: năm nay)
help-register-json = In ra JSON, mỗi số một dòng
help-register-forward = Ghi nơi chuyển văn bản đến và ngày chuyển vào sổ.
help-register-to = Đơn vị hoặc người nhận
help-register-date = Ngày chuyển (mặc định: hôm nay), ví dụ 15/03/2026
help-register-cancel = Hủy một số đến, có ghi lý do. Số đã hủy không được cấp lại.
help-register-reason = Lý do hủy (bắt buộc)
help-status = Tình hình: hàng đợi, lỗi, dịch vụ, dung lượng đĩa.
help-doctor = Kiểm tra máy và cấu hình, chỉ cách sửa từng chỗ hỏng.
option-help = Xem trợ giúp này
option-lang = Ngôn ngữ thông báo: vi hoặc en
option-workspace = Thư mục không gian làm việc
option-verbose = Nói rõ hơn, kèm chi tiết lỗi
option-version = In phiên bản
option-json = In ra JSON cho chương trình khác đọc
option-csv = In ra CSV (RFC 4180)
option-excel = In ra CSV cho Excel: thêm dấu BOM để đúng tiếng Việt
option-install-completion = Cài gợi ý lệnh cho shell đang dùng
option-show-completion = In đoạn gợi ý lệnh để tự cài
metavar-dir = THƯ_MỤC
metavar-lang = vi|en
metavar-file = TỆP
metavar-query = TỪ_KHÓA
metavar-number = SỐ
metavar-mark = DẤU
metavar-id = MÃ
metavar-value = GIÁ_TRỊ
metavar-field = TRƯỜNG
metavar-pages = TRANG
metavar-text = LỜI
metavar-date = NGÀY
metavar-year = NĂM

# Dòng lệnh: gõ sai
usage = Cách dùng:
usage-options = [TÙY CHỌN]
usage-command = LỆNH …
usage-arguments-title = Tham số
usage-options-title = Tùy chọn
usage-daily-title = Việc hằng ngày
usage-service-title = Dịch vụ và bảo trì
usage-commands-title = Các lệnh
usage-see-help = Xem trợ giúp: { $command }
usage-missing = Thiếu { $name }.
usage-no-option = Không có tùy chọn { $name }.
usage-no-option-near = Không có tùy chọn { $name }. Có phải ý bạn là { $near }?
usage-option-value = Tùy chọn { $name } dùng chưa đúng: thiếu hoặc thừa giá trị.
usage-bad-value = Giá trị của { $name } không hợp lệ: { $reason }.
usage-must-be-number = phải là số nguyên
usage-too-small = phải từ { $limit } trở lên
usage-too-big = phải từ { $limit } trở xuống
usage-no-command = Không có lệnh “{ $name }”.
usage-no-command-near = Không có lệnh “{ $name }”. Có phải ý bạn là { $near }?
usage-wrong = Lệnh chưa đúng: { $reason }
error-option-without-value = Tùy chọn { $name } cần một giá trị đi sau.
error-language-unknown = Không có ngôn ngữ “{ $language }”. Các ngôn ngữ hiện có: { $known }.
error-id-unreadable = “{ $id }” không phải mã văn bản. Hãy viết den-2026-00015, 2026/15, hoặc 15 (số đến của năm nay).
error-options-exclude-each-other = Chỉ dùng một trong hai tùy chọn { $first } và { $second }.
error-nothing-to-change = Chưa nêu trường nào cần sửa. Ví dụ: vanthu edit 15 --subject "V/v nghỉ lễ".
error-value-empty = Tùy chọn --{ $option } đang để trống. Muốn xóa một trường, hãy dùng --clear.
error-file-not-kept = Văn bản { $document } không có tệp nào để mở. Hãy xem “vanthu show { $document }”.
crash = Có lỗi ngoài dự kiến của chương trình; dữ liệu đã lưu không bị ảnh hưởng. Hãy chạy lại với -v để xem chi tiết và gửi cho người quản trị.

# Các trường (Nghị định 30/2020/NĐ-CP)
field-type-name = Tên loại
field-code-number = Số
field-code-notation = Ký hiệu
field-issued-date = Ngày ban hành
field-issued-place = Địa danh
field-organ-name = Cơ quan ban hành
field-parent-organ-name = Cơ quan chủ quản
field-subject = Trích yếu
field-competence = Thẩm quyền ký
field-signatory-position = Chức vụ người ký
field-signatory-name = Người ký
field-recipients = Nơi nhận
field-priority = Độ khẩn
field-secrecy = Độ mật
field-language = Ngôn ngữ
field-page-amount = Số trang
field-not-found = (chưa đọc được)
mark-check = ← cần xem
mark-person = người sửa
page-title = Trang { $page }

# inspect
inspect-reading = Đang đọc
inspect-failed = Không đọc được { $failed } trong { $total } tệp.
inspect-nothing = Không đọc được gì từ tệp này.

# search
search-nothing = Không tìm thấy văn bản nào cho: { $query }
search-total = Có { $total } văn bản, đang xem { $first }–{ $last }.
search-total-many = Có hơn { $total } văn bản, đang xem { $first }–{ $last }. Hãy thêm từ để thu hẹp.
search-more = Xem tiếp: thêm --page { $page }
search-page = tr. { $page }:
column-document-id = Mã văn bản
column-arrival-number = Số đến
column-code = Số, ký hiệu
column-type-name = Tên loại
column-issued-date = Ngày ban hành
column-organ-name = Cơ quan ban hành
column-subject = Trích yếu
column-signatory-name = Người ký
column-page = Trang
column-snippet = Đoạn văn

# show, edit, retry
state-received = đang xử lý
state-filed = đã lưu trữ
state-quarantined = cần người xem lại
state-secret = văn bản mật, đã cất riêng
state-cancelled = đã hủy số
fact-arrival = Số đến
fact-received = Nhận lúc
fact-file = Tệp đã nhận
fact-filed = Lưu trữ lúc
fact-folder = Thư mục
fact-part-of = Tách từ
fact-part = { $document }, trang { $pages }
fact-pages = Trang của tệp
fact-reason = Lý do
show-history = Quá trình
event-accepted = nhận văn bản
event-repeated = nhận lại đúng tệp này
event-registered = vào sổ
event-refused = không nhận
event-read = đã đọc
event-filed = lưu trữ
event-corrected = sửa trường thông tin
event-quarantined = chuyển người xem lại
event-retried = cho xử lý lại
event-secret = cất riêng vì là văn bản mật
event-withdrawn = rút lại phần đã sửa
event-split = tách thành nhiều văn bản
event-kept-whole = xác nhận là một văn bản
event-number-cancelled = hủy số
event-rebuilt = dựng lại cơ sở dữ liệu
edit-done = Đã sửa { $document }: { $fields }.
retry-done = Đã đưa { $document } trở lại hàng đợi; dịch vụ đang chạy sẽ xử lý ngay.

# review
review-nothing = Không còn trường nào cần xem lại.
review-total = Có { $total } trường cần xem. Chạy “vanthu review” ở cửa sổ dòng lệnh để xem từng trường.
review-done = Đã quyết định { $decided } trường, còn { $left } trường.
review-picture = Ảnh chỗ này: { $path }
review-keys = Enter đúng · e sửa · x không có · s để sau · o mở · u hoàn tác · q thôi
review-keys-gap = e điền · x không có · s để sau · o mở · u hoàn tác · q thôi
review-kept = ✓ { $value }
review-none = ✓ trên giấy không có
review-edit = { $field }:
review-edit-left = Để nguyên, chưa quyết định.
review-undone = Đã hoàn tác: { $field }
review-nothing-to-undo = Chưa có gì để hoàn tác.
review-batch = { $document }: tệp có vẻ gồm nhiều văn bản, văn bản khác bắt đầu ở trang { $pages }. Xem: vanthu split { $document } --dry-run
review-why-missing = máy không đọc được
review-why-weak = máy chắc { $sure }
review-why-several = nhiều người ký; máy chắc { $sure }
review-why-notation = suy từ ký hiệu; máy chắc { $sure }
review-why-time-of-signature = theo giờ ký số; máy chắc { $sure }
review-why-head-above-deputy = chữ “KT.” có thể bị dấu che; máy chắc { $sure }
review-why-name-alone = không thấy chức vụ phía trên; máy chắc { $sure }
review-why-file-name = theo tên tệp; máy chắc { $sure }
review-answer-failed = Dòng { $line }: { $reason }
review-answers-done = Đã nhận { $taken } câu trả lời, không nhận { $failed }.
error-pages-unreadable = Không hiểu số trang “{ $value }”. Hãy viết các trang bắt đầu, ví dụ --at 4,7.

# split
split-first = { $document } giữ trang { $pages } và bản gốc của cả tệp.
split-part = { $document }: trang { $pages }, đã có số; dịch vụ đang chạy sẽ đọc ngay.
split-would = Văn bản mới: trang { $pages }
split-done = Đã tách xong.
split-dry-run = Chưa làm gì. Bỏ --dry-run để tách.
split-kept = { $document }: đã ghi là một văn bản.

# register
register-title = SỔ ĐĂNG KÝ VĂN BẢN ĐẾN - NĂM { $year }
register-total = Tổng cộng { $total } số, trong đó đã hủy { $cancelled }.
register-forwarded = Đã ghi vào sổ: { $document } chuyển { $recipient } ngày { $day }.
register-cancelled = Đã hủy số của { $document }.

# init, watch, rebuild, verify
init-done =
    Không gian làm việc đã sẵn sàng.
    Thả văn bản vào:  { $incoming }
    Cấu hình ở:       { $config }
    Bước tiếp theo:   vanthu doctor, rồi vanthu watch
watch-started = Đang theo dõi { $incoming }. Nhấn Ctrl-C để dừng.
watch-once = Đang xử lý những gì có trong { $incoming }.
watch-stopping = Đang dừng: việc dở dang được ghi lại, lần sau làm tiếp. Nhấn Ctrl-C lần nữa để dừng ngay.
watch-ended = Đã dừng.
progress-claimed = { $name }: đã nhận thấy
progress-secured = { $name }: đã sao lưu an toàn
progress-registered = { $document }: đã vào sổ ({ $name })
progress-repeated = { $document }: nhận lại đúng tệp đã có ({ $name })
progress-refused = { $name }: không nhận, lý do để cạnh tệp trong thư mục không nhận
progress-retired = { $document }: đã lấy khỏi thư mục văn bản đến
progress-page = { $document }: trang { $page }/{ $pages }
progress-read = { $document }: đã đọc
progress-described = { $document }: đã lấy các trường thông tin
progress-filed = { $document }: đã lưu trữ
progress-indexed = { $document }: đã lập chỉ mục
progress-cleared = { $document }: xong
progress-quarantined = { $document }: cần người xem lại ({ $name })
progress-secret = { $document }: văn bản mật, đã cất riêng
rebuild-done = Đã dựng lại từ kho lưu trữ: { $documents } văn bản, { $numbers } số đến.
verify-done = Đã kiểm tra { $checked } hồ sơ, hỏng { $damaged }.
verify-chain-broken = Nhật ký kiểm toán bị thay đổi từ sự kiện số { $event }. Hãy báo người quản trị ngay.

# status
status-watcher = Dịch vụ
status-watcher-alive = đang chạy (tiến trình { $pid }), { $mode } trên { $system }, quét lúc { $at }
status-watcher-blind = còn sống nhưng không quét thư mục từ { $at } (tiến trình { $pid }, { $mode } trên { $system })
status-watcher-dead = không chạy
status-folder = Chờ nhận
status-queue = Đang xử lý
status-filed = Đã lưu trữ
status-last = Mới nhất
status-review = Có trường cần xem
status-split = Có vẻ gồm nhiều văn bản
status-split-how = Có tệp có vẻ gồm nhiều văn bản. Xem: vanthu split { $document } --dry-run
status-refused = Không nhận
status-secret = Văn bản mật
status-quarantined = Cần xem lại
status-disk = Đĩa còn trống
status-files = { $count } tệp
status-documents = { $count } văn bản
status-waiting = { $waiting } văn bản, đang làm { $running }
status-free = { $gigabytes } GB
status-start-watcher = Hãy bật dịch vụ: vanthu watch
status-retry = Xem lý do: vanthu show { $document }; xử lý xong thì: vanthu retry { $document }
mode-native = nghe sự kiện
mode-polling = quét định kỳ
stage-claimed = đang nhận
stage-secured = đang vào sổ
stage-registered = chờ đọc
stage-page = đang đọc trang
stage-read = đang lấy thông tin
stage-described = đang lưu trữ
stage-filed = đang lập chỉ mục
stage-indexed = đang dọn dẹp

# doctor
doctor-no-workspace = Không có không gian làm việc ở đây; chỉ kiểm tra máy.
doctor-good = Mọi thứ cần thiết đều ổn.
doctor-bad = Có chỗ hỏng: hãy chạy các lệnh ghi bên dưới mỗi dấu ✗ rồi kiểm tra lại.
doctor-fine = ổn
check-configuration = Cấu hình
check-tesseract = Tesseract
check-languages = Ngôn ngữ nhận dạng
check-fonts = Phông chữ
check-office = LibreOffice
check-poppler = Poppler
check-clock = Đồng hồ
check-zone = Múi giờ
check-folder-incoming = Thư mục văn bản đến
check-folder-outgoing = Thư mục văn bản đi
check-folder-review = Thư mục cần xem lại
check-folder-refused = Thư mục không nhận
check-folder-archive = Thư mục lưu trữ
check-folder-private = Thư mục riêng
check-file-system = Hệ thống tệp
check-disk = Dung lượng đĩa
check-user = Tài khoản
check-database = Cơ sở dữ liệu
doctor-configuration =
    có chỗ sai trong { $path }:
    { $problems }
doctor-workspace = chưa có không gian làm việc ở { $path }
doctor-tesseract-missing = chưa cài chương trình nhận dạng chữ
doctor-tesseract-old = bản { $version } quá cũ, cần từ 5 trở lên
doctor-languages-missing = thiếu dữ liệu: { $languages }
doctor-fonts-missing = không có phông cùng cỡ với Times New Roman; tệp Word có thể bị xô dòng
doctor-office-missing = chưa cài; tệp Word, RTF và ODT sẽ không được nhận
doctor-poppler-missing = chưa cài; bản thảo PDF thiếu phông chữ hoặc sai chuẩn màu phải chờ
doctor-clock-wrong = đồng hồ máy sai: { $now }
doctor-clock-not-synchronised = đồng hồ chưa đồng bộ với giờ chuẩn ({ $now })
doctor-zone-missing = không có dữ liệu múi giờ { $zone }
doctor-folder-missing = không có { $path }
doctor-folder-not-writable = không ghi và đổi tên tệp được trong { $path }: { $reason }
doctor-other-user = tài khoản này chỉ xem được một phần; dịch vụ chạy bằng tài khoản { $name }
doctor-folder-open-to-others = người khác đọc được { $path }
doctor-file-systems-differ = { $incoming } và { $private } ở hai hệ thống tệp khác nhau; hãy đặt chúng trên cùng một đĩa
doctor-disk-low = chỉ còn { $free } MB, mức dành riêng là { $reserve } MB
doctor-database-missing = chưa có cơ sở dữ liệu
doctor-database-unreachable = không dùng được { $url }: { $reason }
doctor-database-old = các bảng ở bản { $there }, cần bản { $wanted }
