# Bản sao, phụ lục, số hóa

error-copy-not-filed = { $document } chưa được lưu trữ nên chưa sao, chưa ký phụ lục hay số hóa được. Chờ lưu trữ xong, hoặc xem vanthu show { $document }.
error-copy-of-electronic = { $document } là văn bản điện tử: không lập bản { $form } điện tử từ văn bản điện tử. Chuyển nguyên tệp gốc (vanthu open { $document } --original --path); chỉ được trích sao (Điều 25 Nghị định 30/2020/NĐ-CP).
error-copy-not-a-scan = { $document } không phải ảnh quét bản giấy, là tệp điện tử thì chuyển nguyên bản. Nếu cơ quan có bản giấy: quét màu, từ 200 dpi, rồi thêm --file TỆP.
error-copy-of-several = Tệp của { $document } có (hoặc có vẻ có) nhiều văn bản. Tách trước (vanthu split { $document }), hoặc quét riêng văn bản này rồi thêm --file TỆP.
error-copy-source-no-copy = { $document }: không thấy chữ “SAO Y” trên văn bản. Sao lục chỉ lập từ bản sao y trên giấy; sao bản chính thì dùng vanthu copy sao-y. Đã xem và đúng là bản sao y thì thêm --sure.
error-copy-file-not-pdf = { $path }: cần tệp PDF (bản quét lưu thành PDF; trích sao và phụ lục nhận cả DOCX, ODT).
error-reading-copy-not-kept = { $document } không có bản đọc trong lưu trữ. Quét lại bản giấy rồi thêm --file TỆP.
error-extract-without-file = Trích sao { $document }: soạn phần trích đủ thể thức (Word hoặc PDF) rồi thêm --file TỆP.
error-digitise-electronic = { $document } là văn bản điện tử, không phải bản giấy: không có gì để số hóa.
error-digitised-already = { $document } đã có bản số hóa được ký trong lưu trữ. Mỗi văn bản chỉ ký số hóa một lần.
error-attachment-not-leaving = { $document } không phải văn bản đi. Phụ lục chỉ ký kèm văn bản do cơ quan ban hành (mã di-…).
error-attachment-without-code = { $document } chưa có ký hiệu (…/QĐ-BQL) nên chưa ghi được số, ký hiệu lên phụ lục. Sửa: vanthu edit { $document } --notation KÝ_HIỆU
error-attachment-before-document = { $path }: phụ lục này thuộc văn bản chưa được cấp số. Duyệt phát hành văn bản chính; phụ lục được duyệt cùng.
error-attachment-before-filed = { $row }: phụ lục được ký khi văn bản chính đã phát hành và lưu trữ xong; hệ thống tự làm tiếp.
error-attached-already = { $path }: tệp này đã là phụ lục của { $document }.

stamp-true-copy = Sao y { $document }
stamp-copy-of-copy = Sao lục { $document }
stamp-extract = Trích sao { $document }
stamp-attachment = Phụ lục của { $document }
stamp-digitised = Số hóa { $document }

progress-stamped = { $name }: đã ký số của cơ quan
progress-stamp-filed = { $document }: đã ký, lưu trữ ({ $name })

progress-stamp-upgraded = { $document }: đã bổ sung dấu thời gian và trạng thái chứng thư còn thiếu khi ký
event-stamp-upgraded = bổ sung dấu thời gian cho bản sao, phụ lục, bản số hóa
event-stamp-asked = yêu cầu sao, ký phụ lục hoặc số hóa
event-stamp-released = duyệt sao, ký phụ lục hoặc số hóa
event-stamp-ordered = lệnh duyệt đã đến dịch vụ đóng dấu
event-stamp-signed = đã ký số của cơ quan lên bản sao, phụ lục, bản số hóa
event-stamp-filed = lưu bản sao, phụ lục, bản số hóa vào hồ sơ
event-stamp-held = bản sao, phụ lục, bản số hóa bị giữ lại
event-stamp-rejected = trả lại yêu cầu sao, ký phụ lục hoặc số hóa

help-copy = Sao văn bản đã lưu trữ: sao y, sao lục, trích sao.
help-copy-sao-y = Lập bản sao y điện tử từ văn bản giấy: bản quét được cơ quan ký số, có số riêng trong sổ bản sao.
help-copy-sao-luc = Lập bản sao lục điện tử từ bản sao y trên giấy.
help-copy-trich-sao = Lập bản trích sao từ tệp phần trích đã soạn đủ thể thức (--file).
help-copy-epilog =
    Người giữ dấu (ghi trong seal.toml) chạy thì được duyệt ngay; người khác chạy thì chờ vanthu release.
    Ví dụ: vanthu copy sao-y 15 --to "UBND xã An Bình" --approved-by "Chánh Văn phòng"
help-copy-documents = Mã văn bản: den-2026-00015, 2026/15 hoặc 15
help-copy-file = bản quét (PDF màu, từ 200 dpi) hoặc phần trích, thay cho bản trong lưu trữ
help-copy-to = nơi nhận bản sao
help-copy-approved-by = người cho phép sao (Điều 27 Nghị định 30)
help-copy-sure = đã xem và đúng là bản sao y trên giấy
help-digitise = Ký số bản số hóa (bản đọc) của văn bản giấy để lưu trữ, cạnh bản gốc.
help-attach = Ký số phụ lục để ở tệp riêng của một văn bản đi, ghi số, ký hiệu của văn bản đó.
help-attach-document = Văn bản đi: di-2026-00015, hoặc mã trong vanthu release khi còn chờ
help-attach-files = tệp phụ lục: PDF, DOCX, ODT
help-register-sao = In sổ bản sao: sao y, sao lục, trích sao chung một dãy số trong năm.
help-register-di = In sổ đăng ký văn bản đi, đủ các cột theo Phụ lục IV.

attachment-early = { $handle }: phụ lục { $name } được duyệt cùng văn bản chính và ký khi văn bản chính đã phát hành.
copy-released = { $row }: { $what } đã duyệt; ký xong sẽ vào lưu trữ và thư mục da-phat-hanh.
copy-released-archive = { $row }: { $what } đã duyệt; ký xong sẽ nằm cạnh bản gốc trong lưu trữ.
copy-waiting = { $handle }: { $what } chờ người giữ dấu duyệt: vanthu release { $handle }
copy-on-its-way = { $row }: { $what } đã duyệt trước đó và đang được ký.
copy-rejected = Đã trả lại yêu cầu với tệp { $name }; chưa có gì được ký.
show-stamps = Bản sao, phụ lục, bản số hóa
stamp-state-waiting = chờ duyệt
stamp-state-held = bị giữ lại, chờ duyệt lại
stamp-state-released = đang ký
stamp-state-sealed = đang lưu
stamp-state-filed = đã ký, đã lưu
register-title-sao = SỔ BẢN SAO - NĂM { $year }
register-title-di = SỔ ĐĂNG KÝ VĂN BẢN ĐI - NĂM { $year }
