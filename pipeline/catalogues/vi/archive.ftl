# Kho lưu trữ và tìm kiếm
error-bag-damaged = Gói lưu trữ { $path } không còn nguyên vẹn ({ $reason }). Xin đừng sửa tay; hãy khôi phục gói này từ bản sao lưu rồi chạy “vanthu verify”.
error-bag-holds-another = Gói lưu trữ { $path } đã chứa một văn bản khác mang mã { $document }. Không ghi đè; xin báo người quản trị kiểm tra gói này.
error-bag-not-found = Không thấy gói lưu trữ của văn bản { $document } tại { $path }. Xin kiểm tra thư mục lưu trữ hoặc khôi phục từ bản sao lưu.
error-original-changed = Bản gốc { $path } của văn bản { $document } đã bị thay đổi sau khi tiếp nhận nên không được lưu trữ. Xin kiểm tra ổ đĩa và thả lại tệp gốc.
error-search-mark-unknown = Không hiểu dấu trang “{ $mark }”. Xin tìm lại từ trang đầu.

finding-bag-file-changed = Gói { $bag }: tệp { $file } đã bị thay đổi so với lúc lưu trữ.
finding-bag-file-missing = Gói { $bag }: thiếu tệp { $file }.
finding-bag-file-extra = Gói { $bag }: có tệp lạ { $file } không thuộc gói.
finding-bag-unreadable = Gói { $bag } không đọc được: { $reason }. Xin khôi phục từ bản sao lưu.
finding-bag-contradicts = Gói { $bag } mâu thuẫn với dữ liệu của một văn bản khác (trùng tệp gốc hoặc trùng số) nên chưa được đưa vào chỉ mục.
finding-refusal-unreadable = Tệp lý do không nhận { $path } không đọc được: { $reason }.
finding-register-numbers-missing = Sổ “{ $register }” năm { $year }: không tìm thấy { $amount } số đã cấp ({ $numbers }). Các số này sẽ không được cấp lại.
finding-search-field-unknown = Không có trường “{ $field }” nên đã tìm như từ thường.
finding-search-value-unknown = Không hiểu giá trị “{ $value }” của trường “{ $field }” nên đã tìm như từ thường.
