import json
from datetime import date

import pytest

from portal.models import Organisation
from procedures import linked_data
from procedures.models import SubmissionMethod
from procedures.pages import ProcedurePage
from tests.factories import (
    AdministratorFactory,
    FeeFactory,
    LegalBasisFactory,
    OrganisationFactory,
    ProcedureFactory,
    SubmissionMethodFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
Unit = SubmissionMethod.TimeUnit


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def service(procedure):
    return linked_data.service(ProcedurePage(procedure, Organisation.current(), TODAY))


def block(client, address):
    """Return the text of the page's block of linked data, or None where it has none."""
    html = client.get(address).content.decode()
    _, start, rest = html.partition('<script type="application/ld+json">')
    return rest.partition("</script>")[0] if start else None


def procedure(**values):
    return ProcedureFactory(published=True, **values)


def test_the_page_tells_machines_what_it_tells_people(client):
    one = procedure(code="1.001786", short_name="Cấp giấy phép", name="Thủ tục cấp giấy phép", field__name="Đo lường")

    told = json.loads(block(client, one.get_absolute_url()))

    assert told["@type"] == ["GovernmentService", "cpsv:PublicService"]
    assert told["@id"] == told["url"] == "http://testserver/thu-tuc/1.001786/"
    assert told["identifier"] == "1.001786"
    assert told["name"] == "Cấp giấy phép"
    assert told["alternateName"] == "Thủ tục cấp giấy phép"
    assert told["serviceType"] == "Đo lường"
    assert told["provider"] == {"@type": "GovernmentOrganization", "name": "Sở Khoa học và Công nghệ"}
    assert told["areaServed"]["name"] == "tỉnh Bà Rịa - Vũng Tàu"
    assert [each["audienceType"] for each in told["audience"]] == ["Cá nhân", "Doanh nghiệp, hợp tác xã"]
    assert told["cv:hasCost"] == [
        {"@type": "cv:Cost", "cv:value": 2_000_000, "cv:currency": "VND", "dct:description": "Phí"}
    ]
    assert told["cpsv:produces"] == {"@type": "cpsv:Output", "dct:title": "Giấy phép"}


def test_every_prefix_is_explained(client):
    text = block(client, procedure().get_absolute_url())
    prefixes = json.loads(text)["@context"][1]

    used = {word.partition(":")[0] for word in text.split('"') if word.count(":") == 1 and " " not in word}

    assert used - {"http", "https"} <= set(prefixes)


def test_no_text_can_end_the_block(client):
    one = procedure(name="</script><script>alert(1)</script>", short_name="Tên")

    response = client.get(one.get_absolute_url())

    assert json.loads(block(client, one.get_absolute_url()))["alternateName"] == "</script><script>alert(1)</script>"
    assert len(Page(response).all("script")) == 2


def test_a_preview_tells_machines_nothing(client):
    draft = ProcedureFactory(short_name="Tên ngắn")
    client.force_login(AdministratorFactory())

    html = client.get(f"/quan-tri/procedures/procedure/{draft.pk}/xem-truoc/trang/").content.decode()

    assert "<h1>Tên ngắn</h1>" in html
    assert "ld+json" not in html


@pytest.mark.parametrize(
    ("limit", "unit", "duration"),
    [
        (25, Unit.DAY, "P25D"),
        (2, Unit.MONTH, "P2M"),
        (4, Unit.HOUR, "P0DT04H00M00S"),
        (18, Unit.WORKING_DAY, None),
        ("0.5", Unit.DAY, None),
    ],
)
def test_only_a_limit_that_has_one_is_given_as_a_duration(limit, unit, duration):
    one = procedure(methods__time_limit=limit, methods__time_unit=unit)

    channel = service(one)["availableChannel"][0]

    assert channel.get("processingTime") == duration
    assert channel["description"].startswith("Thời hạn: ")


def test_only_the_online_channel_has_an_address():
    one = procedure(portal_url="https://example.org/nop")
    SubmissionMethodFactory(procedure=one, channel=SubmissionMethod.Channel.ONLINE)

    channels = {each["name"]: each.get("serviceUrl") for each in service(one)["availableChannel"]}

    assert channels == {"Tại quầy": None, "Trực tuyến": "https://example.org/nop"}


def test_free_is_a_cost_of_nought_and_unknown_is_left_out():
    free, unknown, past = procedure(fees=None), procedure(fees=None), procedure(fees__valid_to=date(2026, 11, 23))
    FeeFactory(procedure=free, free=True)
    FeeFactory(procedure=unknown, unknown=True)

    assert service(free)["cv:hasCost"][0]["cv:value"] == 0
    assert "cv:hasCost" not in service(unknown)
    assert "cv:hasCost" not in service(past)


def test_papers_and_acts_are_named():
    one = procedure(items__name="Đơn đề nghị", items__copies=2, legal_bases=None)
    LegalBasisFactory(procedure=one, document__number="63/2010/NĐ-CP", document__title="Kiểm soát thủ tục")

    told = service(one)

    assert told["cpsv:hasInput"] == [
        {"@type": "cv:Evidence", "dct:title": "Đơn đề nghị", "dct:description": "1 bản chính, 2 bản sao"}
    ]
    assert told["cv:hasLegalResource"] == [
        {"@type": "eli:LegalResource", "dct:identifier": "63/2010/NĐ-CP", "dct:title": "Kiểm soát thủ tục"}
    ]
