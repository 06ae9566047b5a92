# Kết quả kiểm tra chữ ký số: từng chữ ký
signature-valid = Chữ ký số hợp lệ.
signature-changed = Nội dung đã ký bị thay đổi.
signature-forged = Chữ ký không được tạo bằng khóa của chứng thư số này.
signature-shared = Nhiều ô ký cùng dùng một chữ ký: đã có người ghép chữ ký của nơi khác vào.
signature-covers-less = Chữ ký không bao trùm toàn bộ nội dung tại thời điểm ký.
signature-hidden-change = Sau khi ký, tệp được ghi thêm dữ liệu che giấu.
signature-changed-after = Sau khi ký, tài liệu đã bị thay đổi ngoài phạm vi cho phép.
signature-revoked = Chứng thư số đã bị thu hồi trước thời điểm ký.
signature-not-yet-valid = Tại thời điểm ký, chứng thư số chưa có hiệu lực.
signature-no-chain = Không xác định được tổ chức cấp chứng thư số: không có đường dẫn tới tổ chức gốc được tin cậy.
signature-expired = Tại thời điểm ký, chứng thư số đã hết hạn.
signature-weak = Thuật toán hoặc độ dài khóa quá yếu, không đủ căn cứ để tin chữ ký.
signature-purpose = Chứng thư số không được cấp để ký văn bản.
signature-chain-broken = Đường dẫn chứng thực không hợp lệ tại thời điểm ký.
signature-weak-unproven = Ký bằng SHA-1 mà không có dấu thời gian chứng minh đã ký từ khi thuật toán này còn được dùng.
signature-time-impossible = Thời điểm ký ghi trong chữ ký ở tương lai.
signature-expired-unproven = Chứng thư số nay đã hết hạn; không có dấu thời gian chứng minh đã ký khi còn hạn.
signature-revoked-unproven = Chứng thư số nay đã bị thu hồi; không có dấu thời gian chứng minh đã ký trước đó.
signature-no-revocation = Chữ ký nguyên vẹn, nhưng không kiểm tra được chứng thư số có bị thu hồi hay không.
signature-no-revocation-of-time = Chữ ký nguyên vẹn, nhưng không kiểm tra được chứng thư của dấu thời gian có bị thu hồi hay không.
signature-filled-after = Sau chữ ký cuối cùng còn có ô được điền thêm; không chữ ký nào xác nhận phần đó.
signature-noted-after = Sau chữ ký cuối cùng còn có chú thích được thêm vào trang; không chữ ký nào xác nhận, và chú thích có thể che nội dung đã ký.
signature-added-unclear = Phần ghi thêm sau chữ ký cuối cùng không đúng chuẩn PDF: mỗi phần mềm xem có thể hiện một nội dung khác.
signature-cannot-validate = Không kiểm tra được chữ ký này: dữ liệu chữ ký sai cấu trúc hoặc dùng thuật toán chưa hỗ trợ.
signature-subfilter = Không kiểm tra được chữ ký kiểu { $kind }.
signature-time-stamp = Dấu thời gian của tài liệu

# Ghi chú kèm theo
signature-note-sha1 = Có dùng thuật toán SHA-1, nay không còn an toàn.
signature-note-time-claimed = Thời điểm ký do máy của người ký ghi, không có dấu thời gian chứng minh.
signature-note-no-time = Chữ ký không ghi thời điểm ký.
signature-note-time-stamp-broken = Có dấu thời gian nhưng không khớp với chữ ký; không tính đến.
signature-note-time-stamp-untrusted = Có dấu thời gian nhưng không rõ đơn vị cấp; không tính đến.
signature-note-times-differ = Giờ do máy người ký ghi lệch với dấu thời gian.
signature-note-changes-allowed = Sau khi ký có thay đổi trong phạm vi cho phép: { $fields }.
signature-note-revoked-later = Chứng thư số bị thu hồi sau thời điểm ký.
signature-note-read-leniently = Tệp không đúng chuẩn PDF ở vài chỗ; đã đọc theo cách của các phần mềm xem.
signature-note-mark-without-field = Tệp còn dấu vết của chữ ký số khác không nằm trong ô ký nào: chữ ký có thể đã bị gỡ hoặc che giấu.

# Cả tài liệu
verdict-valid = HỢP LỆ
verdict-invalid = KHÔNG HỢP LỆ
verdict-indeterminate = KHÔNG XÁC ĐỊNH
verdict-unsigned = KHÔNG CÓ CHỮ KÝ SỐ
document-valid = Mọi chữ ký số đều hợp lệ.
document-invalid = Có chữ ký số không hợp lệ.
document-indeterminate = Chưa đủ căn cứ để kết luận về chữ ký số.
document-unsigned = Tệp không có chữ ký số.
validation-cannot-validate = Không kiểm tra được chữ ký số của tệp này ({ $reason }).
validation-signature-without-field = Tệp có dấu vết chữ ký số nhưng không có ô ký nào: chữ ký có thể đã bị gỡ hoặc che giấu.
validation-too-many-signatures = Tệp có quá nhiều chữ ký ({ $reason }), không kiểm tra.
validation-validation-timeout = Kiểm tra chữ ký số quá { $reason } giây, đã dừng.

# Tờ kết quả
signature-indication-title = Kết luận
signature-field-title = Ô ký
signature-time-title = Thời điểm ký
signature-covers-title = Phạm vi
signature-after-title = Sau khi ký
signature-certifies-title = Chứng nhận
signature-certificate-title = Chứng thư số
signature-fingerprint-title = SHA-256
signature-chain-title = Đơn vị cấp
signature-status-title = Thu hồi
signature-algorithms-title = Thuật toán
signature-certificate = số { $serial }, hiệu lực { $term }
signature-chain-none = không rõ
time-time-stamp = dấu thời gian của
time-claimed = theo máy người ký
time-own = theo chính dấu thời gian này
time-none = không rõ
covers-file = toàn bộ tệp
covers-revision = toàn bộ tệp tại thời điểm ký
covers-less = một phần tệp
change-none = không có thay đổi
change-validation-data = chỉ bổ sung dữ liệu kiểm tra chữ ký
change-form = điền ô, thêm chữ ký
change-annotations = thêm chú thích
change-other = thay đổi ngoài phạm vi cho phép
certifies-1 = không cho phép thay đổi gì
certifies-2 = cho phép điền ô và ký thêm
certifies-3 = cho phép điền ô, ký thêm và chú thích
revocation-good = không bị thu hồi tại thời điểm ký
revocation-revoked = đã bị thu hồi
revocation-unknown = chưa kiểm tra được
status-embedded = theo dữ liệu kèm trong tệp
status-online = hỏi qua mạng

# Văn bản đến
show-signatures = Chữ ký số
show-signature-accepted = Đã có người cho nhận dù chữ ký số không hợp lệ.
error-signature-invalid = Chữ ký số của { $signer } trên văn bản { $document } không hợp lệ: { $why }
quarantine-return =
    Văn bản để trong thư mục “tra-lai” cùng lời báo gửi nơi gửi (Nghị định 30/2020/NĐ-CP, Điều 21.2.b).
    Nếu vẫn nhận, người có thẩm quyền chạy: vanthu retry { $document } --accept-signature
return-notice =
    Kính gửi: nơi gửi văn bản.
    Tệp “{ $name }” nhận được có chữ ký số không hợp lệ. Chữ ký của { $signer }: { $why }
    Theo khoản 2 Điều 21 Nghị định 30/2020/NĐ-CP, chúng tôi trả lại văn bản; đề nghị kiểm tra và gửi lại.
finding-signatory-differs-from-certificate = Người ký đọc trên văn bản là “{ $printed }”, còn chứng thư số là của { $certificate }.
finding-date-differs-from-signing-time = Ngày ban hành đọc trên văn bản là { $printed }, còn chữ ký số được ký ngày { $signed }.

# Điều kiện để đóng dấu
finding-leader-unsigned = Tệp chưa được ký: ô “{ $field }” còn trống.
finding-leader-unreadable = Không kiểm tra được chữ ký ở ô “{ $field }” ({ $reason }).
finding-leader-not-valid = Chữ ký ở ô “{ $field }” không hợp lệ hoặc chưa kiểm tra được. { $why }
finding-leader-changed-after = Sau chữ ký ở ô “{ $field }”, tài liệu đã bị thay đổi.
finding-leader-forbids-sealing = Chữ ký ở ô “{ $field }” không cho phép ghi số và đóng dấu sau đó.
finding-leader-not-last = Chữ ký ở ô “{ $field }” được ký sau người có thẩm quyền.
finding-leader-not-allowed = { $name } không có trong danh sách người được ký, hoặc đã đổi chứng thư số. Mã chứng thư (SHA-256): { $sha256 }
finding-leader-out-of-term = { $name } không được ký vào ngày { $day }.
finding-leader-lacks-competence = { $name } không được ký với tư cách “{ $competence }”.
finding-leader-field-missing = Thiếu ô “{ $field }” trên tài liệu.
finding-leader-field-filled = Ô “{ $field }” đã được điền trước.

# Tổ chức chứng thực được tin cậy
trust-added = Đã tin cậy { $subject }.
trust-accepted = Đã tin cậy { $subject } theo xác nhận của người quản trị (SHA-256 { $sha256 }).
trust-nobody = Chưa tin cậy tổ chức gốc nào: mọi chữ ký sẽ là “không xác định”. Hãy thêm bằng “vanthu trust add TỆP”.
trust-all-good = Các tổ chức đã ghim đều có chứng thư.
trust-good = tốt
trust-root = tổ chức gốc
trust-issuer = tổ chức cấp
trust-expires-soon = sắp hết hạn
trust-expired = đã hết hạn, vẫn dùng cho văn bản ký trước đó
trust-missing = chưa có chứng thư
trust-unpinned = do người quản trị xác nhận, không có ghim
trust-term = Hết hạn { $day }
trust-fetch = Tải tại { $address } rồi chạy: vanthu trust add TỆP
event-trusted = thêm tổ chức được tin cậy
error-trust-pins-unreadable = Không dùng được tệp ghim chứng thư { $path }: { $reason }. Hãy cài lại chương trình.
error-not-a-certificate = { $path } không phải tệp chứng thư số (PEM hoặc DER). Hãy tải lại từ nơi cấp.
error-certificate-unpinned =
    Chứng thư của { $subject } không có trong danh sách ghim, nên chưa được tin cậy. SHA-256: { $sha256 }
    Nếu đã đối chiếu dấu vân tay với đơn vị cấp, hãy thêm: --accept-unpinned { $sha256 } --yes
error-trust-store-unreadable = Tài khoản này không được đọc kho chứng thư tin cậy { $path }. Người quản trị cho đọc bằng chmod -R a+rX, hoặc chạy lệnh bằng tài khoản của dịch vụ.
error-trust-store-damaged = Kho chứng thư tin cậy bị thay đổi ở { $path }. Hãy xóa tệp đó rồi thêm lại bằng “vanthu trust add”.
error-fingerprint-differs = Không có chứng thư nào trong { $path } có dấu vân tay { $given }. Hãy đối chiếu lại với đơn vị cấp.
error-accept-without-yes = Để tin cậy chứng thư không có ghim trong { $path }, hãy thêm --yes.

# Trợ giúp
help-validate = Kiểm tra chữ ký số: ai ký, lúc nào, phạm vi, thay đổi sau đó.
help-validate-files = Tệp PDF
help-validate-at = Kiểm tra như tại cuối ngày này, ví dụ 15/03/2026
help-validate-online = Hỏi trạng thái chứng thư qua mạng (OCSP, CRL)
help-validate-epilog = Ví dụ: vanthu validate --online cong-van.pdf
validate-no-trust = Không có không gian làm việc ở đây, nên không tin cậy tổ chức cấp chứng thư nào.
help-trust = Các tổ chức chứng thực được tin cậy: thêm, xem, kiểm tra.
help-trust-add = Thêm chứng thư của một tổ chức chứng thực (khớp với danh sách ghim).
help-trust-add-file = Tệp chứng thư PEM hoặc DER
help-trust-add-epilog = Ví dụ: vanthu trust add rootcag2.crt
help-trust-accept = Dấu vân tay SHA-256 của chứng thư không có trong danh sách ghim
help-trust-yes = Xác nhận đã đối chiếu dấu vân tay
help-trust-for-signers = Chỉ tin cho chữ ký của người và cơ quan
help-trust-for-time-stamps = Chỉ tin cho dấu thời gian
help-trust-list = Xem các chứng thư đang tin cậy.
help-trust-check = Xem chứng thư nào còn thiếu, sắp hết hạn, tải ở đâu.
help-retry-accept-signature = Vẫn nhận dù chữ ký số không hợp lệ (được ghi lại).
metavar-fingerprint = VÂN_TAY
progress-judged = { $document }: đã kiểm tra chữ ký số
stage-judged = chờ đọc
