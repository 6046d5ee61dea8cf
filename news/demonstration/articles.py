"""Articles that a first start shows: our own words on the subjects of the 2024 plan.

They tell of no real event, and each says at its end that it is an illustration.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from news import articles, publishing
from news.demonstration.drawings import draw
from news.models import Article, Section
from news.pictures import store
from portal import richtext
from portal.models import Unit
from procedures.models import LegalDocument, Procedure

SOURCE = "bài minh họa, soạn cho lần chạy đầu của cổng; không kể việc có thật"
CREDIT = "hình vẽ minh họa"


@dataclass(frozen=True)
class Sample:
    day: str  # it became public on, ISO
    section: str  # slug
    title: str
    lead: str
    body: str
    drawing: str = ""
    ground: str = "indigo"
    alt: str = ""
    kind: Article.Kind = Article.Kind.NEWS
    tags: list[str] = field(default_factory=list)
    procedures: list[str] = field(default_factory=list)  # codes
    documents: list[str] = field(default_factory=list)  # numbers
    featured: bool = False


SAMPLES = [
    Sample(
        "2024-01-22",
        "pho-bien-van-ban",
        "Kế hoạch truyền thông hỗ trợ kiểm soát thủ tục hành chính năm 2024 gồm những gì",
        "Kế hoạch chia việc cho Văn phòng Sở và Trung tâm Thông tin và Ứng dụng khoa học và công nghệ, "
        "làm thường xuyên trong năm.",
        """<p>Kế hoạch năm 2024 của Sở có hai nhóm việc. Nhóm thứ nhất hướng vào công chức, viên chức: phổ biến văn
bản và cử người đi bồi dưỡng kỹ năng tiếp nhận hồ sơ. Nhóm thứ hai hướng vào người dân, doanh nghiệp.</p>
<h2>Người dân được biết điều gì</h2>
<ul><li>Địa chỉ và đầu mối nhận phản ánh, kiến nghị về quy định hành chính.</li>
<li>Nội dung các thủ tục Sở giải quyết: giấy tờ, thời hạn, phí, nơi nộp.</li>
<li>Mô hình, cách làm hay trong giải quyết thủ tục.</li>
<li>Kết quả rà soát thủ tục và kết quả lấy ý kiến người dân.</li></ul>
<h2>Báo cáo khi nào</h2>
<p>Kết quả được gửi Sở Nội vụ hằng quý, chậm nhất ngày 15 của tháng cuối quý, và gửi Văn phòng UBND tỉnh trước ngày
15 tháng 12.</p>""",
        "calendar",
        "deep",
        "Tờ lịch có một ngày được đánh dấu",
        tags=["kế hoạch truyền thông"],
        documents=["3854/QĐ-UBND", "63/2010/NĐ-CP"],
    ),
    Sample(
        "2024-03-12",
        "tin-hoat-dong",
        "Ba việc nên chuẩn bị trước khi đến nộp hồ sơ",
        "Xem giấy tờ cần nộp, tải đúng mẫu đơn và gọi hỏi trước giúp hồ sơ được nhận ngay lần đầu.",
        """<p>Phần lớn hồ sơ phải bổ sung vì thiếu một giấy tờ hoặc dùng mẫu đơn cũ. Ba việc sau giúp tránh đi
lại.</p>
<ol><li><strong>Mở trang của thủ tục.</strong> Mục “Giấy tờ cần nộp” ghi từng giấy, số bản chính, bản sao.</li>
<li><strong>Tải mẫu đơn ở ngay cạnh giấy đó.</strong> Mẫu trên trang là mẫu đang áp dụng.</li>
<li><strong>Gọi đầu mối khi chưa rõ.</strong> Số điện thoại có ở cuối trang của từng thủ tục.</li></ol>
<p>Thủ tục nộp trực tuyến toàn trình thì không phải đến nơi; hồ sơ nộp qua Cổng Dịch vụ công quốc gia.</p>""",
        "checklist",
        "jade",
        "Hai tờ giấy, một tờ đã đánh dấu đủ các mục",
        kind=Article.Kind.FEATURE,
        tags=["hồ sơ", "nộp trực tuyến"],
    ),
    Sample(
        "2024-06-20",
        "tin-hoat-dong",
        "Cơ sở có máy X-quang cần làm những thủ tục nào",
        "Từ khai báo, xin giấy phép đến gia hạn, mỗi bước là một thủ tục riêng; bài này xếp theo thứ tự phải làm.",
        """<p>Phòng khám dùng thiết bị X-quang để chẩn đoán thường gặp bốn thủ tục.</p>
<ol><li>Khai báo thiết bị sau khi có thiết bị.</li><li>Xin giấy phép sử dụng thiết bị trước khi chụp cho người
bệnh.</li>
<li>Người phụ trách an toàn có chứng chỉ nhân viên bức xạ.</li>
<li>Gia hạn giấy phép trước khi giấy phép hết hạn; có thay đổi thì xin sửa đổi.</li></ol>
<p>Giấy tờ, thời hạn, phí của từng thủ tục có ở các liên kết dưới bài. Trang của thủ tục luôn là bản đang áp dụng, bài
này chỉ giúp chọn đúng thủ tục.</p>""",
        "radiation",
        "amber",
        "Dấu hiệu cảnh báo bức xạ hình ba cánh",
        kind=Article.Kind.FEATURE,
        tags=["an toàn bức xạ"],
        procedures=["1.014674", "1.014675", "1.014678", "1.014679", "1.014676"],
    ),
    Sample(
        "2024-09-10",
        "ra-soat-tthc",
        "Rà soát thủ tục: Sở xem từng giấy tờ có thật sự cần không",
        "Mỗi giấy tờ trong hồ sơ phải trả lời được ba câu hỏi; không trả lời được thì đề xuất bỏ.",
        """<p>Khi rà soát một thủ tục, đơn vị được giao hỏi lần lượt: giấy tờ này chứng minh điều gì, cơ quan nhà
nước đã có thông tin đó chưa, và nếu bỏ thì rủi ro là gì.</p>
<p>Kết quả được ghi theo bốn mức: giữ nguyên, đơn giản hóa, sửa đổi hoặc bãi bỏ. Đề xuất vượt thẩm quyền của tỉnh được
gửi bộ quản lý ngành.</p>
<blockquote><p>Ai thấy một giấy tờ không cần thiết có thể gửi kiến nghị; kiến nghị nêu rõ giấy nào, ở thủ tục
nào.</p></blockquote>""",
        "magnifier",
        "indigo",
        "Kính lúp soi trên một tờ giấy",
        kind=Article.Kind.FEATURE,
        tags=["rà soát"],
        documents=["63/2010/NĐ-CP"],
    ),
    Sample(
        "2024-12-05",
        "lay-y-kien-nguoi-dan",
        "Góp ý về dịch vụ công trực tuyến: ý kiến đi đâu",
        "Ý kiến được đọc, xếp theo thủ tục và trả lời; bài này kể đường đi của một ý kiến.",
        """<p>Người nộp hồ sơ trực tuyến được hỏi mức hài lòng sau khi nhận kết quả. Ý kiến được xếp theo thủ tục để
đơn vị phụ trách thấy chỗ vướng.</p>
<p>Ý kiến về cách hướng dẫn được sửa ngay trên trang thủ tục. Ý kiến về quy định được chuyển thành kiến nghị để xem
khi rà soát.</p>""",
        "talk",
        "jade",
        "Hai ô lời thoại",
        tags=["lấy ý kiến"],
        documents=["20/2008/NĐ-CP"],
    ),
    Sample(
        "2025-03-18",
        "mo-hinh-cach-lam-hay",
        "Một trang giấy cho mỗi thủ tục: cách hướng dẫn dễ nhớ",
        "Bốn ô thời hạn, phí, cách nộp, kết quả đứng đầu trang giúp người đọc trả lời được câu hỏi chính "
        "trong nửa phút.",
        """<p>Người đến hỏi thường chỉ cần bốn điều: bao lâu, bao nhiêu tiền, nộp ở đâu, nhận gì. Đưa bốn điều ấy
lên đầu trang thì phần còn lại dễ tìm hơn.</p>
<table><caption>Bốn câu hỏi và chỗ trả lời</caption><thead><tr><th scope="col">Người dân hỏi</th>
<th scope="col">Ô trên trang</th></tr></thead><tbody>
<tr><td>Bao lâu thì xong?</td><td>Thời hạn</td></tr><tr><td>Hết bao nhiêu tiền?</td><td>Phí</td></tr>
<tr><td>Nộp ở đâu?</td><td>Cách nộp</td></tr><tr><td>Nhận được gì?</td><td>Kết quả</td></tr></tbody></table>
<p>Khi cần bản giấy, bấm in trong trình duyệt: trang thủ tục thường vừa hai mặt giấy A4.</p>""",
        "phone",
        "indigo",
        "Điện thoại mở một danh sách",
        kind=Article.Kind.FEATURE,
        tags=["cách làm hay", "hồ sơ"],
    ),
    Sample(
        "2025-06-25",
        "pho-bien-van-ban",
        "Cơ chế một cửa theo Nghị định 118/2025/NĐ-CP: đọc nhanh",
        "Nghị định 118/2025/NĐ-CP thay cho Nghị định 61/2018/NĐ-CP; trang văn bản trên cổng ghi tình trạng của cả hai.",
        """<p>Từ khi nghị định mới áp dụng, việc tiếp nhận, giải quyết và trả kết quả tại Bộ phận Một cửa và trên
Cổng Dịch vụ công quốc gia theo văn bản này.</p>
<p>Khi đọc một hướng dẫn cũ có nhắc Nghị định 61/2018/NĐ-CP, nên mở trang của văn bản đó để xem văn bản thay
thế.</p>""",
        tags=["một cửa"],
        documents=["118/2025/NĐ-CP", "61/2018/NĐ-CP", "107/2021/NĐ-CP"],
    ),
    Sample(
        "2025-10-14",
        "tin-hoat-dong",
        "Đăng ký dịch vụ kiểm định, hiệu chuẩn: hai thủ tục dễ nhầm",
        "Đăng ký lần đầu và cấp lại giấy đăng ký có giấy tờ khác nhau; chọn nhầm thì phải nộp lại.",
        """<p>Tổ chức chưa có giấy đăng ký thì làm thủ tục đăng ký. Tổ chức đã có giấy nhưng giấy mất, hỏng hoặc đổi
tên, đổi địa chỉ thì làm thủ tục cấp lại.</p>
<p>Người trực tiếp kiểm định cần được chứng nhận và cấp thẻ theo thủ tục riêng.</p>""",
        "scales",
        "jade",
        "Chiếc cân hai đĩa",
        tags=["đo lường"],
        procedures=["3.000450", "3.000463", "1.014882"],
    ),
    Sample(
        "2026-02-10",
        "mo-hinh-cach-lam-hay",
        "Quầy hướng dẫn trước khi lấy số: bớt một lần xếp hàng",
        "Kiểm tra nhanh giấy tờ trước khi lấy số giúp người thiếu giấy không phải chờ rồi mới biết.",
        """<p>Cách làm đơn giản: một người ngồi trước máy lấy số, xem nhanh hồ sơ theo đúng danh sách trên trang thủ
tục. Đủ giấy thì lấy số; thiếu thì được chỉ ngay chỗ thiếu và mẫu đơn cần tải.</p>
<h2>Ba điều cần có</h2>
<ul><li>Danh sách giấy tờ in từ trang thủ tục, thay ngay khi có thay đổi.</li><li>Mã QR mở đúng trang thủ tục.</li>
<li>Sổ ghi những giấy hay thiếu để sửa lời hướng dẫn.</li></ul>""",
        "counter",
        "indigo",
        "Hai người trao đổi ở quầy tiếp nhận",
        kind=Article.Kind.FEATURE,
        tags=["cách làm hay", "một cửa"],
        featured=True,
    ),
    Sample(
        "2026-05-19",
        "tin-hoat-dong",
        "Khởi nghiệp sáng tạo: công nhận cá nhân, doanh nghiệp và nhà đầu tư",
        "Hai thủ tục mới giúp người khởi nghiệp và nhà đầu tư cá nhân được công nhận; bài này nêu ai làm thủ tục nào.",
        """<p>Cá nhân, doanh nghiệp có sản phẩm mới làm thủ tục công nhận cá nhân, doanh nghiệp khởi nghiệp sáng
tạo. Người góp vốn làm thủ tục công nhận nhà đầu tư cá nhân.</p>
<p>Điều kiện và giấy tờ của hai thủ tục khác nhau, nên đọc mục “Ai làm thủ tục này” trước.</p>""",
        "network",
        "deep",
        "Các vòng tròn nối với nhau qua một điểm giữa",
        tags=["khởi nghiệp"],
        featured=True,
        procedures=["1.014433", "1.014436"],
    ),
    Sample(
        "2026-08-11",
        "ra-soat-tthc",
        "Đọc số ngày trong một thủ tục thế nào cho đúng",
        "Ngày làm việc khác ngày dương lịch, và thời hạn tính từ khi hồ sơ hợp lệ; hai điểm này hay bị hiểu nhầm.",
        """<p>Trang thủ tục ghi rõ “ngày làm việc” hoặc “ngày”. Ngày làm việc không tính thứ Bảy, Chủ nhật và ngày
lễ.</p>
<p>Khi so bản mới với bản trước, trang “So với bản trước” cho thấy số ngày cũ và mới cạnh nhau.</p>""",
        "chart",
        "jade",
        "Biểu đồ cột thấp dần",
        tags=["rà soát", "thời hạn"],
        featured=True,
    ),
    Sample(
        "2026-10-06",
        "lay-y-kien-nguoi-dan",
        "Sở hỏi ý kiến về cách trình bày trang thủ tục",
        "Trang nào khó hiểu, từ nào cần giải thích: mọi góp ý về cách viết đều giúp sửa ngay trên cổng.",
        """<p>Góp ý về cách viết không cần theo mẫu. Chỉ cần nêu tên thủ tục, câu khó hiểu và điều muốn biết.</p>
<p>Đơn vị phụ trách sửa lời hướng dẫn trong phạm vi quyết định công bố; điều thuộc quy định thì ghi lại để rà
soát.</p>""",
        "panorama",
        "amber",
        "Nhiều người đứng cạnh nhau",
        kind=Article.Kind.NOTICE,
        tags=["lấy ý kiến"],
    ),
    Sample(
        "2026-11-10",
        "tin-hoat-dong",
        "Theo dõi thay đổi của thủ tục qua thư điện tử",
        "Chọn lĩnh vực hoặc một thủ tục, xác nhận địa chỉ thư, từ đó mỗi thay đổi sẽ có thư báo.",
        """<p>Người hay làm hồ sơ có thể nhận thư khi thủ tục thay đổi. Việc đăng ký chỉ cần địa chỉ thư điện tử,
thôi nhận lúc nào cũng được.</p>
<p>Thư nêu thủ tục nào đổi, đổi điều gì, áp dụng từ ngày nào và liên kết đến bản so sánh. Người dùng trình đọc tin
có nguồn tin của từng chuyên mục ở cuối trang.</p>""",
        "envelope",
        "deep",
        "Phong bì thư",
        tags=["thông báo"],
    ),
]


def load() -> int:
    """Add and publish the articles whose titles are not there yet; return how many."""
    present = set(
        Article.objects.filter(title__in=[sample.title for sample in SAMPLES]).values_list("title", flat=True)
    )
    missing = [sample for sample in SAMPLES if sample.title not in present]
    sections = {section.slug: section for section in Section.objects.all()}
    unit = Unit.objects.filter(name__startswith="Trung tâm Thông tin").first()
    added = 0
    for sample in missing:
        if section := sections.get(sample.section):
            _add(sample, section, unit)
            added += 1
    return added


@transaction.atomic
def _add(sample: Sample, section: Section, unit: Unit | None) -> None:
    at = timezone.make_aware(datetime.fromisoformat(f"{sample.day}T08:00"))
    article = Article(
        kind=sample.kind,
        title=sample.title,
        lead=sample.lead,
        body=sample.body,
        section=section,
        unit=unit,
        source=SOURCE,
        featured=sample.featured,
        reading_minutes=richtext.reading_minutes(sample.body),
        created_at=at,
        changed_at=at,
    )
    if sample.drawing:
        file = draw(sample.drawing, sample.ground)
        article.cover = store(file, by=None, at=at, alt=sample.alt, credit=CREDIT)
    article.save()
    article.tags.set(articles.tags(sample.tags))
    article.procedures.set(Procedure.objects.filter(code__in=sample.procedures))
    article.documents.set(LegalDocument.objects.filter(number__in=sample.documents))
    publishing.submit(article, by=None, at=at)
    publishing.publish(article, by=None, at=at)
