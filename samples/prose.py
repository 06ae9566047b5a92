"""Administrative Vietnamese of our own writing: sentences by theme, put together by a seed."""

from __future__ import annotations

import random

THEMES: dict[str, tuple[str, ...]] = {
    "số hóa": (
        "Việc số hóa hồ sơ được thực hiện theo từng phông lưu trữ, bảo đảm mỗi tệp tin đúng với bản giấy về nội dung, "
        "thể thức và số trang; các trang mờ, rách phải được ghi chú trong biên bản giao nhận.",
        "Văn thư cơ quan tiếp nhận văn bản giấy, quét ở độ phân giải tối thiểu 200 dpi, kiểm tra ảnh quét rồi mới cập "
        "nhật vào hệ thống quản lý tài liệu điện tử trong ngày làm việc.",
        "Các phòng chuyên môn lập danh mục hồ sơ cần ưu tiên, trong đó nêu rõ thời hạn bảo quản, tình trạng vật lý và "
        "số lượng trang của từng hồ sơ.",
        "Dữ liệu sau khi số hóa được sao lưu thành hai bản ở hai địa điểm khác nhau; mỗi quý kiểm tra ngẫu nhiên ít nhất "
        "năm phần trăm số tệp tin.",
        "Cán bộ trực tiếp thực hiện chịu trách nhiệm giữ gìn tài liệu gốc, không đóng ghim, không gấp và không viết "
        "thêm lên tài liệu trong quá trình quét.",
    ),
    "hạ tầng": (
        "Tuyến đường gom phía đông khu công nghiệp Mỹ Phú dài 4,2 km, mặt đường rộng 12 m, nối cảng cạn Tân Lộc với "
        "đường tỉnh, hiện đã hoàn thành phần nền và đang thi công lớp cấp phối đá dăm.",
        "Hệ thống thoát nước mưa tại lô B3 thường xuyên quá tải khi lượng mưa vượt 80 mm trong hai giờ, gây ngập cục bộ "
        "trước cổng ba doanh nghiệp.",
        "Nhà thầu phải bố trí biển báo, đèn chiếu sáng và người điều tiết giao thông tại các vị trí đang thi công, nhất "
        "là vào giờ tan ca.",
        "Đơn vị tư vấn giám sát kiểm tra chất lượng vật liệu đầu vào theo từng đợt và gửi kết quả thí nghiệm về Ban "
        "Quản lý trước khi nghiệm thu chuyển giai đoạn.",
        "Khối lượng phát sinh chỉ được thực hiện sau khi chủ đầu tư chấp thuận bằng văn bản và điều chỉnh dự toán theo "
        "quy định.",
    ),
    "môi trường": (
        "Trạm xử lý nước thải tập trung vận hành ổn định ở công suất 3.500 m³ mỗi ngày đêm; các thông số quan trắc tự "
        "động được truyền về cơ quan quản lý mỗi năm phút.",
        "Doanh nghiệp phân loại chất thải rắn tại nguồn, hợp đồng với đơn vị có chức năng để thu gom và lưu giữ chứng từ "
        "chuyển giao ít nhất năm năm.",
        "Qua kiểm tra, hai cơ sở chưa đấu nối nước thải vào hệ thống chung đúng thời hạn đã cam kết và đã được lập biên "
        "bản nhắc nhở.",
        "Dải cây xanh cách ly giữa khu sản xuất và khu dân cư thôn Đông Hạ cần được trồng bổ sung trước mùa mưa, ưu tiên "
        "các giống cây bản địa chịu gió.",
    ),
    "an toàn": (
        "Các đơn vị tổ chức tự kiểm tra an toàn phòng cháy, chữa cháy, thay thế bình chữa cháy quá hạn và bảo đảm lối "
        "thoát nạn luôn thông thoáng.",
        "Lực lượng trực ca phải nắm vững sơ đồ thoát nạn, số điện thoại khẩn cấp và vị trí các van khóa khí, cầu dao "
        "tổng của từng phân xưởng.",
        "Khi có bão từ cấp 8 trở lên, người lao động nghỉ làm việc ngoài trời; tàu thuyền rời cầu cảng vào nơi neo đậu "
        "trước mười hai giờ.",
        "Mọi sự cố mất an toàn phải được báo cáo về đường dây nóng trong vòng ba mươi phút kể từ khi phát hiện.",
    ),
    "cải cách": (
        "Bộ phận một cửa công khai đầy đủ thành phần hồ sơ, thời hạn giải quyết và mức phí của từng thủ tục tại nơi "
        "tiếp nhận và trên cổng thông tin điện tử.",
        "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn trong kỳ đạt 98,6 %, tăng 1,2 điểm phần trăm so với cùng kỳ "
        "năm trước.",
        "Công chức không được yêu cầu người dân, doanh nghiệp nộp thêm giấy tờ đã có trong cơ sở dữ liệu dùng chung.",
        "Hồ sơ chậm giải quyết phải có văn bản xin lỗi, nêu rõ lý do và hẹn lại thời gian trả kết quả không quá một lần.",
        "Định kỳ hằng tháng, các phòng rà soát thủ tục còn vướng mắc và đề xuất cắt giảm thời gian thực hiện.",
    ),
    "tài chính": (
        "Kinh phí thực hiện được bố trí từ nguồn chi thường xuyên của cơ quan, quyết toán theo khối lượng thực tế hoàn "
        "thành và chứng từ hợp lệ.",
        "Tổng mức kinh phí dự kiến là 1.248.600.000 đồng (bằng chữ: một tỷ, hai trăm bốn mươi tám triệu, sáu trăm nghìn "
        "đồng), chia thành hai đợt.",
        "Kế toán đối chiếu công nợ với từng nhà cung cấp trước ngày 25 hằng tháng và báo cáo số dư tạm ứng quá hạn.",
        "Việc mua sắm phải bảo đảm tiết kiệm, công khai, đúng tiêu chuẩn, định mức; không mua sắm tài sản ngoài kế hoạch "
        "đã duyệt.",
    ),
}

CLOSINGS = (
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị kịp thời phản ánh để được xem xét, giải quyết./.",
    "Đề nghị các cơ quan, đơn vị quan tâm phối hợp, tổ chức thực hiện nghiêm túc và đúng thời hạn nêu trên./.",
    "Yêu cầu các đơn vị, cá nhân có liên quan nghiêm túc triển khai thực hiện và báo cáo kết quả trước ngày 25 hằng tháng./.",
)

GROUNDS_OF_BOARD = (
    "Căn cứ Quyết định thành lập và quy định chức năng, nhiệm vụ, quyền hạn của Ban Quản lý Khu kinh tế tỉnh Vân Giang;",
    "Căn cứ Quy chế làm việc của Ban Quản lý Khu kinh tế tỉnh Vân Giang;",
)


def sentences(random_: random.Random, theme: str, amount: int) -> tuple[str, ...]:
    """`amount` different paragraphs of a theme (then of the others), in an order that the seed chooses."""
    own = list(THEMES[theme])
    random_.shuffle(own)
    rest = [s for name, pool in THEMES.items() if name != theme for s in pool]
    random_.shuffle(rest)
    return tuple((own + rest)[:amount])


def numbered(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{i}. {text}" for i, text in enumerate(paragraphs, 1))


def articles(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"Điều {i}. {text}" for i, text in enumerate(paragraphs, 1))
