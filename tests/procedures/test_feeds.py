from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from tests.factories import (
    DecisionFactory,
    FieldFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ALL = "/thay-doi/feed.xml"


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def change(at=datetime(2026, 11, 24, 3, tzinfo=UTC), **values):
    return ProcedureChangeFactory(decision=DecisionFactory(published=True, published_at=at), **values)


def read(client, address=ALL):
    """Return the feed, checked against what RFC 4287 asks of every one."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    understood = feedparser.parse(response.content)
    assert not understood.bozo, understood.get("bozo_exception")
    assert understood.version == "atom10"
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            (found,) = part.findall(ATOM + name)
            assert found.text
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo
        assert "alternate" in [link.get("rel") for link in part.findall(f"{ATOM}link")]
        assert all(link.get("href").startswith("http://testserver/") for link in part.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    (itself,) = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert itself.get("href") == f"http://testserver{address}"
    assert len(understood.entries) == len(entries)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    for entry in entries:
        assert entry.find(f"{ATOM}summary").get("type") == "html"
    return feed


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_a_feed_tells_of_changes_the_latest_published_first(client):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(3):
        change(at=start + timedelta(days=number), procedure__short_name=f"Thủ tục {number}")
    ProcedureChangeFactory(procedure__short_name="Chưa công bố")

    assert titles(read(client)) == [f"Sửa đổi, bổ sung: Thủ tục {number}" for number in (2, 1, 0)]


def test_an_entry_leads_to_the_procedure_and_says_what_changes(client):
    about = change(sentence="Phí < 2 & còn nữa.", effective_on=date(2026, 12, 1))

    (entry,) = read(client).findall(f"{ATOM}entry")

    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{about.procedure.get_absolute_url()}"
    assert "Phí &lt; 2 &amp; còn nữa. Áp dụng từ ngày 01/12/2026." in entry.findtext(f"{ATOM}summary")
    assert about.decision.document.number in entry.findtext(f"{ATOM}summary")


def test_an_entry_keeps_its_id_when_its_sentence_is_corrected(client):
    about = change()
    before = read(client).findtext(f"{ATOM}entry/{ATOM}id")

    about.sentence = "Câu đã sửa."
    about.save()

    assert read(client).findtext(f"{ATOM}entry/{ATOM}id") == before


def test_a_field_and_a_procedure_have_feeds_of_their_own(client):
    field = FieldFactory(name="Sở hữu trí tuệ", slug="so-huu-tri-tue")
    successor = ProcedureFactory(published=True, code="2.000001", field=FieldFactory())
    change(procedure__short_name="Một", procedure__field=field, kind="replaced", successor=successor)
    change(procedure__short_name="Hai", procedure=successor)
    change(procedure__short_name="Ba")

    of_field = read(client, "/thu-tuc/linh-vuc/so-huu-tri-tue/feed.xml")
    of_procedure = read(client, "/thu-tuc/2.000001/feed.xml")

    assert titles(of_field) == ["Thay thế: Một"]
    assert "Sở hữu trí tuệ" in of_field.findtext(f"{ATOM}title")
    assert len(titles(of_procedure)) == 2


def test_a_feed_of_nothing_is_valid_too(client):
    assert titles(read(client)) == []


def test_there_is_no_feed_of_what_has_no_page(client):
    ProcedureFactory(code="2.000001")

    for address in ("/thu-tuc/2.000001/feed.xml", "/thu-tuc/linh-vuc/khong-co/feed.xml"):
        assert client.get(address).status_code == 404


def test_a_reader_that_has_the_latest_is_told_so(client):
    change()
    last_modified = client.get(ALL).headers["Last-Modified"]

    assert last_modified == "Tue, 24 Nov 2026 03:00:00 GMT"


def test_the_number_of_queries_does_not_grow_with_the_changes(client, django_assert_max_num_queries):
    for size in (2, 30):
        for _ in range(size):
            change()
        with django_assert_max_num_queries(3):
            client.get(ALL)


def test_pages_lead_to_their_feeds(client):
    procedure = ProcedureFactory(published=True, code="2.000001")
    field = procedure.field
    for page, feed in [
        ("/", ALL),
        ("/thay-doi/", ALL),
        (field.get_absolute_url(), f"/thu-tuc/linh-vuc/{field.slug}/feed.xml"),
        (procedure.get_absolute_url(), "/thu-tuc/2.000001/feed.xml"),
    ]:
        assert Page(client.get(page)).all("link", rel="alternate", type="application/atom+xml", href=feed), page
