"""The album that a first start shows: drawings, no event that took place."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from news import albums, publishing
from news.demonstration.drawings import draw
from news.models import Album, Article, Section
from news.pictures import store
from portal.models import Unit

TITLE = "Một hồ sơ đi từ lúc chuẩn bị đến lúc nhận kết quả (minh họa)"
LEAD = "Sáu hình vẽ kể lại các bước của một thủ tục; không phải ảnh chụp việc có thật."
CREDIT = "hình vẽ minh họa"
# Drawing, ground, what it shows, caption.
PHOTOS = [
    ("phone", "indigo", "Điện thoại mở một danh sách", "Tìm thủ tục và đọc bốn ô đầu trang."),
    ("checklist", "jade", "Hai tờ giấy, một tờ đã đánh dấu đủ các mục", "Chuẩn bị từng giấy tờ theo danh sách."),
    ("counter", "deep", "Quầy tiếp nhận hồ sơ", "Nộp tại Bộ phận Một cửa hoặc nộp trực tuyến."),
    ("magnifier", "amber", "Kính lúp soi trên một tờ giấy", "Đơn vị phụ trách xem xét hồ sơ."),
    ("calendar", "deep", "Tờ lịch có một ngày được đánh dấu", "Đến ngày hẹn ghi trên giấy tiếp nhận."),
    ("envelope", "jade", "Phong bì đựng kết quả", "Nhận kết quả tại nơi nộp, qua bưu điện hoặc trên mạng."),
]


@transaction.atomic
def load() -> int:
    """Add and publish the album unless it is there; return how many were added."""
    if Album.objects.filter(title=TITLE).exists():
        return 0
    at = timezone.make_aware(datetime(2025, 10, 6, 8))
    unit = Unit.objects.filter(name__startswith="Trung tâm Thông tin").first()
    section = Section.objects.filter(slug="hinh-anh").first()
    album = Album.objects.create(
        title=TITLE, lead=LEAD, section=section, unit=unit, created_at=at, changed_at=at, publish_at=at
    )
    images = [
        store(draw(name, ground), by=None, at=at, alt=alt, caption=caption, credit=CREDIT)
        for name, ground, alt, caption in PHOTOS
    ]
    albums.add(album, images)
    if article := Article.objects.filter(title__startswith="Ba việc nên chuẩn bị").first():
        album.articles.add(article)
    publishing.submit(album, by=None, at=at)
    publishing.publish(album, by=None, at=at)
    return 1
