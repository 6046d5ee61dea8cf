import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news import publishing
from news.demonstration import articles as demonstration
from news.demonstration.drawings import draw
from news.models import Album, Article, EditorialEvent
from news.pages import QrCode
from news.pictures import store
from portal import search
from procedures.models import LegalDocument
from tests.factories import (
    PUBLISHED_AT,
    ArticleFactory,
    DecisionFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    UnitFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _organisation():
    OrganisationFactory()


def article(**values):
    return ArticleFactory(published=True, **values)


def read(client, found):
    response = client.get(found.get_absolute_url())
    assert response.status_code == 200
    return Page(response).text.replace("\u00a0", " ")


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return store(draw("phone", "jade"), by=None, at=AT, alt="Điện thoại", caption="Tra cứu", credit="Trung tâm")


def test_the_page_tells_what_when_who_and_how_long_it_takes(client):
    found = article(
        title="Hội thi cải cách hành chính",
        lead="Mười đội dự thi.",
        body="<p>Hội thi kéo dài hai ngày.</p>",
        unit=UnitFactory(name="Văn phòng Sở"),
        source="Báo tỉnh",
        reading_minutes=3,
    )

    text = read(client, found)

    for piece in (
        "Hội thi cải cách hành chính",
        "Mười đội dự thi.",
        "Hội thi kéo dài hai ngày.",
        "02/11/2026 · Văn phòng Sở",
        found.section.name,
        "Đọc trong 3 phút",
        "Nguồn: Báo tỉnh.",
    ):
        assert piece in text


def test_the_cover_comes_in_all_sizes_with_its_legend_and_measures(client, picture):
    response = client.get(article(cover=picture).get_absolute_url())
    page = Page(response)

    shown = page.all("img", alt="Điện thoại")[0]
    assert (shown["width"], shown["height"]) == ("960", "540")
    assert "loading" not in shown
    assert picture.srcset("webp") in [source["srcset"] for source in page.all("source")]
    assert "Tra cứu. Ảnh: Trung tâm" in page.text.replace("\u00a0", " ")


def test_what_nobody_may_read_has_no_page(client):
    later = article(publish_at=timezone.now() + timedelta(days=1))

    assert client.get(later.get_absolute_url()).status_code == 404
    assert client.get("/tin-tuc/2026/khong-co/").status_code == 404


def test_the_year_belongs_to_the_address(client):
    found = article()

    assert client.get(found.get_absolute_url().replace("2026", "2025")).status_code == 404


def test_a_withdrawn_article_tells_when_and_why(client):
    found = article(title="Tin sai")
    publishing.withdraw(found, by=None, at=AT, reason="Số liệu chưa kiểm tra.")

    response = client.get(found.get_absolute_url())

    text = Page(response).text.replace("\u00a0", " ")
    assert response.status_code == 410
    assert "Sở đã gỡ “Tin sai” ngày 20/11/2026." in text
    assert "Lý do: Số liệu chưa kiểm tra." in text
    assert "Hội thi có mười đội" not in text


def test_one_being_written_anew_still_tells_why(client):
    found = article()
    publishing.withdraw(found, by=None, at=AT, reason="Số liệu chưa kiểm tra.")
    publishing.reopen(found, by=None, at=AT)

    assert client.get(found.get_absolute_url()).status_code == 410


def test_one_whose_time_has_passed_says_so(client):
    found = article(unpublish_at=AT)

    response = client.get(found.get_absolute_url())

    assert response.status_code == 410
    assert "đã hết thời gian đăng ngày 20/11/2026" in Page(response).text.replace("\u00a0", " ")


def test_related_things_are_shown_as_far_as_they_are_public(client):
    found = article()
    shown = ProcedureFactory(published=True, short_name="Thủ tục có trang")
    found.procedures.add(shown, ProcedureFactory(short_name="Thủ tục còn nháp"))
    hidden = DecisionFactory().document
    found.documents.add(LegalDocumentFactory(number="63/1999/NĐ-CP"), hidden)
    change = ProcedureChangeFactory(decision=DecisionFactory(published=True), sentence="Giảm ba ngày.")
    found.changes.add(change, ProcedureChangeFactory(sentence="Chưa công bố."))
    album = Album.objects.create(title="Ảnh hội thi", slug="hoi-thi", status="published", publish_at=PUBLISHED_AT)
    album.articles.add(found)
    Album.objects.create(title="Ảnh chưa đăng").articles.add(found)

    text = read(client, found)

    for piece in ("Thủ tục có trang", "Đang áp dụng", "63/1999/NĐ-CP", "Giảm ba ngày.", "Ảnh hội thi"):
        assert piece in text
    for piece in ("Thủ tục còn nháp", hidden.number, "Chưa công bố.", "Ảnh chưa đăng"):
        assert piece not in text


def test_three_others_of_the_section_follow(client):
    found = article()
    for days in range(1, 5):
        article(section=found.section, title=f"Bài {days}", publish_at=PUBLISHED_AT - timedelta(days=days))
    article(title="Mục khác")

    text = read(client, found)

    assert "Bài 3" in text
    assert "Bài 4" not in text
    assert "Mục khác" not in text


def test_a_correction_is_dated(client):
    found = article()
    EditorialEvent.objects.create(publication=found, verb="correct", at=AT)

    assert "Sửa ngày 20/11/2026" in read(client, found)


def test_it_can_be_shared_without_a_foreign_script(client):
    found = article()
    page = Page(client.get(found.get_absolute_url()))
    address = f"http://testserver{found.get_absolute_url()}"

    assert page.all("input", value=address, id="dia-chi")
    assert page.all("button", **{"data-copy": "dia-chi"})
    facebook = [link["href"] for link in page.all("a") if link["href"].startswith("https://www.facebook.com/")]
    assert facebook == [
        "https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2Ftestserver"
        + found.get_absolute_url().replace("/", "%2F")
    ]
    assert [script["src"] for script in page.all("script") if "src" in script] == ["/static/js/portal.js"]


def test_the_qr_code_is_a_square_with_a_quiet_zone():
    code = QrCode.of("https://example.org/tin-tuc/2026/hoi-thi/")

    assert code.size >= 21 + 8
    assert code.path.startswith("M4 4h1v1h-1z")


def test_search_engines_and_services_are_told_of_it(client, picture):
    found = article(title="Hội “thi” </script>", cover=picture)
    response = client.get(found.get_absolute_url())
    page = Page(response)
    block = response.content.decode().partition('type="application/ld+json">')[2].partition("</script>")[0]

    node = json.loads(block)
    assert node["@type"] == "NewsArticle"
    assert node["headline"] == "Hội “thi” </script>"
    assert node["datePublished"] == "2026-11-02T08:00+07:00"
    assert node["image"] == [f"http://testserver{picture.url(1280)}"]
    card = f"http://testserver{found.get_absolute_url()}anh-chia-se.png"
    assert page.all("meta", property="og:image", content=card)
    assert client.get(card).headers["Content-Type"] == "image/png"


def test_a_picture_to_share_is_drawn_of_public_articles_only(client):
    found = article(status="withdrawn")

    assert client.get(f"{found.get_absolute_url()}anh-chia-se.png").status_code == 404


def test_the_procedure_leads_to_what_tells_of_it(client):
    procedure = ProcedureFactory(published=True)
    article(title="Nói về thủ tục này").procedures.add(procedure)
    ArticleFactory(title="Còn nháp").procedures.add(procedure)

    text = read(client, procedure)

    assert "Nói về thủ tục này" in text
    assert "Còn nháp" not in text


def test_the_queries_do_not_grow_with_what_is_related(client, django_assert_max_num_queries):
    found = article()
    for _ in range(10):
        found.procedures.add(ProcedureFactory(published=True))
        found.documents.add(LegalDocumentFactory())
        article(section=found.section)

    with django_assert_max_num_queries(11):
        client.get(found.get_absolute_url())


def test_the_index_holds_approved_articles_and_follows_them(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    search.rebuild()
    wanted = article(title="Quầy hướng dẫn", body="<p>Máy lấy số</p><p>mã vạch</p>")
    search.catch_up()
    assert "Quầy hướng dẫn" in Page(client.get(f"{reverse('news:home')}?q=may+lay+so")).text.replace("\u00a0", " ")

    publishing.withdraw(wanted, by=None, at=AT, reason="Đăng nhầm.")
    search.catch_up()

    assert "Không tìm thấy bài nào" in Page(client.get(f"{reverse('news:home')}?q=may+lay+so")).text


def test_the_demonstration_is_public_and_says_what_it_is(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    # Drawing all of them shows no more than drawing one.
    few = [sample for sample in demonstration.SAMPLES if sample.drawing in {"", "radiation"}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "SAMPLES", few)
        assert demonstration.load() == len(few) > 1
        assert demonstration.load() == 0

    for found in Article.objects.published(timezone.now()):
        assert "Nguồn: bài minh họa" in read(client, found)


def test_the_demonstration_names_what_is_there():
    from procedures.demonstration import documents, records

    documents.load()
    codes = {record.code for record in records()}
    numbers = set(LegalDocument.objects.values_list("number", flat=True))

    for sample in demonstration.SAMPLES:
        assert set(sample.procedures) <= codes
        assert set(sample.documents) <= numbers
        assert len(sample.title) <= 90
        assert bool(sample.drawing) == bool(sample.alt)
