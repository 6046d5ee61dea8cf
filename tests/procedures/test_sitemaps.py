from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
import reversion

from tests.factories import (
    PUBLISHED_AT,
    AlbumFactory,
    ArticleFactory,
    BulletinFactory,
    CommunicationPlanFactory,
    DecisionFactory,
    FieldFactory,
    LegalDocumentFactory,
    ProcedureFactory,
    PublicAnswerFactory,
    ReviewPlanFactory,
    SentReportFactory,
)

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LATER = datetime(2026, 11, 20, 3, tzinfo=UTC)


def read(client, address):
    """Return the addresses of a sitemap, each with its last change."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    assert not response.cookies
    root = ElementTree.fromstring(response.content)
    return {entry.findtext(f"{NAMESPACE}loc"): entry.findtext(f"{NAMESPACE}lastmod") for entry in root}


def procedure(**values):
    return ProcedureFactory(published=True, **values)


def test_the_index_leads_to_every_sitemap_and_every_page_in_them_is_there(client):
    procedure()
    DecisionFactory(published=True)
    CommunicationPlanFactory(public=True)
    ReviewPlanFactory()
    ArticleFactory(published=True)
    AlbumFactory(published=True)
    BulletinFactory(published=True)
    PublicAnswerFactory()
    SentReportFactory()

    index = read(client, "/sitemap.xml")

    sections = (
        "trang",
        "linh-vuc",
        "thu-tuc",
        "van-ban",
        "chuyen-muc",
        "tin-tuc",
        "hinh-anh",
        "ban-tin",
        "ke-hoach",
        "ra-soat",
        "tra-loi",
        "so-lieu",
    )
    assert list(index) == [f"http://testserver/sitemap-{section}.xml" for section in sections]
    for sitemap in index:
        addresses = read(client, sitemap)
        assert addresses
        for address in addresses:
            assert client.get(address).status_code == 200, address


def test_the_sitemap_is_kept_for_an_hour(client):
    assert client.get("/sitemap.xml").headers["Cache-Control"] == "public, max-age=3600"


def test_every_public_procedure_is_named_ended_ones_too(client):
    procedure(code="1.000001")
    procedure(code="1.000002", in_force_to=date(2020, 1, 1))
    ProcedureFactory(code="1.000003")

    assert list(read(client, "/sitemap-thu-tuc.xml")) == [
        "http://testserver/thu-tuc/1.000001/",
        "http://testserver/thu-tuc/1.000002/",
    ]


def test_a_procedure_changed_when_it_was_last_stored(client):
    with reversion.create_revision():
        reversion.set_date_created(LATER)
        stored = procedure(code="1.000001")
    procedure(code="1.000002")

    days = read(client, "/sitemap-thu-tuc.xml")

    assert days["http://testserver/thu-tuc/1.000001/"] == LATER.date().isoformat()
    assert days["http://testserver/thu-tuc/1.000002/"] == PUBLISHED_AT.date().isoformat()
    assert read(client, "/sitemap-linh-vuc.xml")[f"http://testserver{stored.field.get_absolute_url()}"] == "2026-11-20"


def test_a_field_without_public_procedures_is_left_out(client):
    procedure(field=FieldFactory(slug="do-luong"))
    ProcedureFactory(field=FieldFactory(slug="trong"))

    assert list(read(client, "/sitemap-linh-vuc.xml")) == ["http://testserver/thu-tuc/linh-vuc/do-luong/"]


def test_only_public_documents_are_named(client):
    public, hidden = LegalDocumentFactory(), DecisionFactory().document

    addresses = read(client, "/sitemap-van-ban.xml")

    assert f"http://testserver{public.get_absolute_url()}" in addresses
    assert f"http://testserver{hidden.get_absolute_url()}" not in addresses


@pytest.mark.parametrize("section", ["trang", "linh-vuc", "thu-tuc", "van-ban", "ra-soat"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_max_num_queries, section):
    for _ in range(8):
        procedure()

    with django_assert_max_num_queries(5):
        client.get(f"/sitemap-{section}.xml")


def test_there_is_no_other_sitemap(client):
    assert client.get("/sitemap-khac.xml").status_code == 404
