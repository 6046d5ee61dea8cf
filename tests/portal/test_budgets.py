"""What a first visit over a slow line may cost (sizes in bytes as sent with gzip)."""

import gzip
import random
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from news.demonstration.drawings import draw
from news.pictures import store
from tests.factories import (
    ArticleFactory,
    DossierItemFactory,
    FeeFactory,
    FieldFactory,
    InternalProcessFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    ProcedureFactory,
    ProcessStepFactory,
    ServicePriceFactory,
    SubmissionMethodFactory,
)
from tests.html import Page

# A page is as heavy whatever database its rows come from.
pytestmark = pytest.mark.any_database

KB = 1024
WORDS = """
cấp giấy phép sử dụng thiết bị bức xạ chẩn đoán trong y tế chứng nhận đăng ký hoạt động khoa học công nghệ hồ sơ
đề nghị thẩm định kiểm tra phê duyệt kết quả nhiệm vụ tổ chức cá nhân doanh nghiệp tiêu chuẩn đo lường chất
lượng sở hữu trí tuệ chuyển giao hợp đồng nhãn hiệu sáng chế kiểu dáng an toàn hạt nhân vận chuyển nguồn phóng
xạ nhập khẩu chứng chỉ nhân viên gia hạn bổ sung sửa đổi thông báo xác nhận kiểm định phương tiện
"""


def gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def static_file(address: str) -> Path:
    return Path(finders.find(address.removeprefix("/" + settings.STATIC_URL.lstrip("/"))))


def sent_size(path: Path) -> int:
    """Return the size of a static file as it is sent: fonts are packed already."""
    return path.stat().st_size if path.suffix == ".woff2" else gzipped(path.read_bytes())


@pytest.fixture
def catalogue_of_45(organisation):
    """Procedures as long and as different from one another as real ones (median of names: 97 characters)."""
    rng = random.Random(2026)

    def words(count):
        return " ".join(rng.choices(WORDS.split(), k=count)).capitalize()

    fields = FieldFactory.create_batch(6)
    for number in range(45):
        ProcedureFactory(
            published=True,
            code=f"{1 + number % 2}.{rng.randrange(10**6):06}",
            name=words(22),
            short_name=words(15)[:80],
            field=fields[number % 6],
            online_level=rng.choice(["full", "partial", ""]),
            fees__amount=rng.randrange(1, 900) * 10_000,
            methods__time_limit=rng.randrange(1, 60),
            decision_number=f"{rng.randrange(3000)}/QĐ-UBND",
            in_force_from=timezone.localdate() if number < 5 else date(2025, 1, 1),
        )
    usual = ProcedureFactory(
        published=True,
        code="2.002380",
        name=words(40),
        short_name=words(15)[:80],
        field=fields[0],
        steps="\n".join(f"Bước {number}: {words(45)}." for number in range(1, 6)),
        requirements="\n".join(f"- {words(20)}." for _ in range(6)),
        results=words(12),
        audience=words(15),
        receiving_address=words(15),
    )
    for channel in ("online", "postal"):
        SubmissionMethodFactory(procedure=usual, channel=channel, time_limit=25, description=words(20))
    for _ in range(8):
        DossierItemFactory(procedure=usual, name=words(25))
        FeeFactory(procedure=usual, amount=rng.randrange(1, 900) * 10_000, note=words(8))
        LegalBasisFactory(procedure=usual, document=LegalDocumentFactory(title=words(14)))
    process = InternalProcessFactory(procedure=usual)
    for _ in range(10):
        ProcessStepFactory(process=process, name=words(12), role=words(6), result=words(8))
    ArticleFactory.create_batch(25, published=True, title=words(16), lead=words(40))
    for _ in range(60):
        ServicePriceFactory(name=words(14), amount=rng.randrange(1, 900) * 10_000, note=words(6))
    return usual


@pytest.fixture(
    params=[
        "home",
        "list",
        "second page",
        "search",
        "field",
        "procedure",
        "contact",
        "site-map",
        "fees",
        "prices",
        "process",
        "news",
    ]
)
def full_page(request, catalogue_of_45, client):
    usual = catalogue_of_45
    listing = reverse("procedures:procedure-list")
    address = {
        "home": "/",
        "list": listing,
        "second page": f"{listing}?trang=2",
        "search": f"{listing}?q=thi%E1%BA%BFt+b%E1%BB%8B",
        "field": usual.field.get_absolute_url(),
        "procedure": usual.get_absolute_url(),
        "contact": reverse("contact"),
        "site-map": reverse("site-map"),
        "fees": reverse("procedures:fee-list"),
        "prices": reverse("procedures:price-list"),
        "process": reverse("procedures:process-detail", args=[usual.code]),
        "news": reverse("news:home"),
    }[request.param]
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_a_page_is_under_25_kb_and_1500_nodes(full_page):
    assert gzipped(full_page.content) < 25 * KB
    assert Page(full_page).nodes < 1500


def test_the_list_is_measured_with_a_full_page(catalogue_of_45, client):
    content = client.get(reverse("procedures:procedure-list")).content.decode()
    assert len(set(re.findall(r'href="/thu-tuc/(\d\.\d{6})/"', content))) == 20


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [("css/portal.css", 10 * KB), ("js/portal.js", 3 * KB), ("fonts/public-sans-vi.woff2", 30 * KB)],
)
def test_style_script_and_font_keep_under_their_ceilings(name, ceiling):
    assert sent_size(static_file(f"/static/{name}")) <= ceiling


def test_a_first_visit_takes_at_most_60_kb_in_8_requests(full_page):
    files = {static_file(address) for address in Page(full_page).addresses()}
    for sheet in [path for path in files if path.suffix == ".css"]:
        # Counted as if every drawing that the sheet names were on this page.
        files |= {(sheet.parent / name).resolve() for name in re.findall(r"url\(([^)]+)\)", sheet.read_text())}
    assert 1 + len(files) <= 8
    assert gzipped(full_page.content) + sum(map(sent_size, files)) <= 60 * KB


def test_nothing_is_fetched_from_another_host(full_page):
    assert all(re.match(r"/(?!/)", address) for address in Page(full_page).addresses())


@pytest.fixture
def article_with_pictures(organisation, settings, tmp_path):
    """An article of the usual length, with a cover and two more pictures."""
    settings.MEDIA_ROOT = tmp_path
    at = timezone.now()
    cover, *inside = [
        store(draw(name, "jade"), by=None, at=at, alt="Hình vẽ") for name in ("counter", "checklist", "phone")
    ]
    rng = random.Random(2026)
    paragraphs = [f"<p>{' '.join(rng.choices(WORDS.split(), k=120)).capitalize()}.</p>" for _ in range(8)]
    pictures = [f'<p><img src="{image.url(800)}" alt="Hình vẽ"></p>' for image in inside]
    return ArticleFactory(published=True, cover=cover, body="".join([*paragraphs, *pictures]))


def test_an_article_takes_at_most_50_kb_without_its_pictures_and_300_kb_with_them(article_with_pictures, client):
    page = Page(response := client.get(article_with_pictures.get_absolute_url()))
    pictures = [image for image in page.all("img") if image["src"].startswith(settings.MEDIA_URL)]
    files = {static_file(address) for address in page.addresses() if address.startswith("/static/")}
    without = gzipped(response.content) + sum(map(sent_size, files))
    seen_at_once = Path(settings.MEDIA_ROOT) / article_with_pictures.cover.url(800).removeprefix(settings.MEDIA_URL)

    assert len(pictures) == 3
    assert [image.get("loading") for image in pictures] == [None, "lazy", "lazy"]
    assert all(image["width"] and image["height"] for image in pictures)
    assert without <= 50 * KB
    assert without + seen_at_once.stat().st_size <= 300 * KB
