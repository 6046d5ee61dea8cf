from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from news.demonstration.drawings import draw
from news.pictures import store
from tests.factories import ArticleFactory, ImageFactory, OrganisationFactory, SectionFactory
from tests.html import Page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _organisation():
    OrganisationFactory()


def article(**values):
    return ArticleFactory(published=True, **values)


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def test_an_entry_tells_what_is_there_and_who_says_so(client):
    found = article(title="Hội thi & cải cách", lead="Mười đội <dự> thi.", created_at=AT, changed_at=AT)

    feed = read(client, "/tin-tuc/feed.xml")

    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Hội thi & cải cách"
    assert entry.findtext(f"{ATOM}summary") == "Mười đội &lt;dự&gt; thi."
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{found.get_absolute_url()}"
    assert entry.findtext(f"{ATOM}id") == f"tag:testserver,2026-11-20:/tin-tuc/{found.pk}/"
    assert entry.find(f"{ATOM}category").get("term") == found.section.name
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Sở Khoa học và Công nghệ tỉnh Bà Rịa - Vũng Tàu"


def test_rss_tells_the_same(client):
    found = article(lead="Mười đội dự thi.")

    item = read(client, "/tin-tuc/rss.xml").find("channel/item")

    assert item.findtext("link") == f"http://testserver{found.get_absolute_url()}"
    assert item.findtext("description") == "Mười đội dự thi."
    assert item.find("guid").get("isPermaLink") == "false"


def test_only_what_is_public_is_told_the_latest_first(client):
    now = timezone.now()
    article(title="Trước", publish_at=now - timedelta(days=2))
    article(title="Sau", publish_at=now - timedelta(days=1))
    article(title="Hẹn giờ", publish_at=now + timedelta(days=1))
    article(title="Đã gỡ", status="withdrawn")

    titles = [entry.findtext(f"{ATOM}title") for entry in read(client, "/tin-tuc/feed.xml").findall(f"{ATOM}entry")]

    assert titles == ["Sau", "Trước"]


@pytest.mark.parametrize(("name", "title"), [("feed", f"{ATOM}entry/{ATOM}title"), ("rss", "channel/item/title")])
def test_a_section_has_feeds_of_its_own(client, name, title):
    article(title="Ở mục khác")
    section = SectionFactory(slug="muc-nay")
    article(title="Ở mục này", section=section)

    feed = read(client, f"/tin-tuc/muc-nay/{name}.xml")

    assert [element.text for element in feed.findall(title)] == ["Ở mục này"]
    assert client.get(f"/tin-tuc/khong-co/{name}.xml").status_code == 404


def test_the_cover_comes_with_the_entry(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cover = store(draw("phone", "jade"), by=None, at=AT, alt="Điện thoại")
    article(cover=cover)

    links = read(client, "/tin-tuc/feed.xml").findall(f"{ATOM}entry/{ATOM}link")

    enclosure = next(link for link in links if link.get("rel") == "enclosure")
    assert enclosure.get("href") == f"http://testserver{cover.url(800)}"
    assert enclosure.get("type") == "image/jpeg"
    assert int(enclosure.get("length")) == (tmp_path / "anh" / cover.name / "800.jpg").stat().st_size


def test_a_feed_takes_the_same_queries_whatever_it_holds(client, django_assert_max_num_queries):
    ArticleFactory.create_batch(20, published=True)

    with django_assert_max_num_queries(3):
        client.get("/tin-tuc/feed.xml")


def test_pages_lead_to_their_feeds(client):
    found = article()

    def feeds(address):
        links = Page(client.get(address)).all("link", rel="alternate", type="application/atom+xml")
        return {link["href"] for link in links}

    of_section = f"{found.section.get_absolute_url()}feed.xml"
    assert "/tin-tuc/feed.xml" in feeds("/")
    assert {"/tin-tuc/feed.xml", of_section} <= feeds(found.section.get_absolute_url())
    assert of_section in feeds(found.get_absolute_url())


def test_a_lost_picture_takes_no_feed_away(client):
    article(cover=ImageFactory())

    assert len(read(client, "/tin-tuc/feed.xml").findall(f"{ATOM}entry")) == 1
