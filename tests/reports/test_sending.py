"""Numbered, kept with its hash and locked; what is typed beside a figure is not lost."""

from datetime import UTC, date, datetime
from hashlib import sha256
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import roles
from portal.steps import Conflict, NotAllowed, Refused
from reports import compiling, narrating, opening, overriding, periods, sending
from reports.models import Report, ReportParagraph
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2024, 9, 15, 2, tzinfo=UTC)
ON = date(2024, 9, 15)


@pytest.fixture
def office():
    return UserFactory(role=roles.OFFICE)


@pytest.fixture
def report(office, settings, tmp_path, monkeypatch):
    """A drafted report; its PDF is not drawn, which other tests do."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("reports.exporting.pdf.content", lambda report: b"%PDF-1.7 %%EOF")
    OrganisationFactory()
    period = opening.open_period(periods.parse("2024-Q3"), by=office, at=AT)
    found = period.reports.get()
    narrating.take_compilation(found, compiling.compile_period(period, by=office, at=AT), by=office, at=AT)
    return found


def send(report, by, number="5/BC-SKHCN", on=ON, **values):
    return sending.send(report, document_number=number, document_on=on, by=by, at=AT, **values)


def paragraph(report, key="phuong-huong"):
    return report.paragraphs.get(part__key=key)


def test_what_was_sent_is_kept_with_its_hash(report, office):
    sent = send(report, office)

    assert sent.document_number == "05/BC-SKHCN"
    for kept in sent.files.all():
        with kept.file.open("rb") as file:
            content = file.read()
        assert (kept.sha256, kept.size) == (sha256(content).hexdigest(), len(content))
    assert {kept.kind for kept in sent.files.all()} == {"docx", "pdf", "xlsx"}


@pytest.mark.parametrize(
    ("number", "on", "field"),
    [
        ("", ON, "document_number"),
        ("BC-SKHCN", ON, "document_number"),
        ("5/BC-SKHCN", None, "document_on"),
        ("5/BC-SKHCN", date(2024, 9, 16), "document_on"),
        ("5/BC-SKHCN", date(2024, 1, 1), "document_on"),
    ],
)
def test_number_and_date_are_asked_for_beside_their_boxes(report, office, number, on, field):
    with pytest.raises(Refused) as refused:
        send(report, office, number, on)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not Report.objects.get(pk=report.pk).is_locked


def test_no_number_is_given_twice_in_a_year(report, office):
    sent = send(report, office)
    later = sending.correct(sent, reason="Sửa số liệu.", by=office, at=AT)
    with pytest.raises(Refused, match="Số này đã ghi"):
        send(later, office)


def test_a_scan_is_a_whole_pdf(report, office):
    with pytest.raises(Refused, match="PDF còn nguyên"):
        send(report, office, scan=SimpleUploadedFile("a.pdf", b"GIF89a"))
    sent = send(report, office, scan=SimpleUploadedFile("a.pdf", b"%PDF-1.4 ... %%EOF"))
    assert sent.files.filter(kind="scan.pdf").exists()


def test_what_somebody_wrote_while_the_files_were_drawn_stops_the_sending(report, office):
    def meanwhile(report):
        ReportParagraph.objects.filter(report=report).update(version=7)
        return b"docx"

    with mock.patch("reports.exporting.docx.content", meanwhile), pytest.raises(Conflict):
        send(report, office)
    assert not Report.objects.get(pk=report.pk).is_locked
    assert not report.files.exists()


def test_nothing_is_sent_twice_and_units_send_nothing(report, office):
    with pytest.raises(NotAllowed):
        send(report, UserFactory(role=roles.UNIT))
    send(report, office)
    with pytest.raises(Conflict):
        send(Report.objects.get(pk=report.pk), office, "6/BC-SKHCN")


def test_an_override_made_later_does_not_reach_the_locked_report(report, office, client):
    sent = send(report, office)
    before = sending.text_of(Report.objects.get(pk=sent.pk))
    overriding.override(report.period, "tin-bai.so", 777, reason="Đếm lại.", by=office, at=datetime.now(UTC))

    assert sending.text_of(Report.objects.get(pk=sent.pk)) == before
    client.force_login(office)
    assert "777" not in client.get(sent.get_absolute_url()).content.decode()


def test_an_edit_outlives_compiling_and_what_changed_under_it_is_flagged(report, office):
    one = paragraph(report, "truyen-thong")
    narrating.edit(one, "Đã đăng nhiều tin, bài.", by=office, at=AT, version=one.version)
    overriding.override(report.period, "tin-bai.so", 9, reason="Đếm lại.", by=office, at=AT)
    narrating.draft(report, at=AT)

    one.refresh_from_db()
    assert (one.shown, one.is_stale) == ("Đã đăng nhiều tin, bài.", True)
    assert "09 tin, bài" in one.drafted
    narrating.edit(one, one.shown, by=office, at=AT, version=one.version)  # saved along with the others
    assert one.is_stale
    narrating.keep(one, by=office, version=one.version)
    assert not one.is_stale
    narrating.back_to_draft(one, by=office, version=one.version)
    assert "09 tin, bài" in one.shown


def test_the_page_saves_every_text_whichever_button_is_pressed(report, office, client):
    client.force_login(office)
    first, second = paragraph(report, "mo-dau"), paragraph(report)
    narrating.edit(first, "Lời cũ.", by=office, at=AT, version=first.version)
    data = {}
    for one in report.paragraphs.all():
        data |= {f"text-{one.pk}": one.shown, f"version-{one.pk}": one.version}

    response = client.post(report.get_absolute_url(), {**data, f"text-{second.pk}": "Mới gõ.", "take": first.pk})

    assert response.status_code == 302
    assert paragraph(report).shown == "Mới gõ."
    assert paragraph(report, "mo-dau").text is None


def test_what_is_typed_with_the_button_that_keeps_is_kept_too(report, office, client):
    client.force_login(office)
    one = paragraph(report, "truyen-thong")
    narrating.edit(one, "Lời cũ.", by=office, at=AT, version=one.version)
    ReportParagraph.objects.filter(pk=one.pk).update(drafted="Số liệu mới.")

    data = {f"text-{one.pk}": "Lời sửa thêm.", f"version-{one.pk}": one.version, "keep": one.pk}
    client.post(report.get_absolute_url(), data)

    one.refresh_from_db()
    assert (one.text, one.is_stale) == ("Lời sửa thêm.", False)


def test_two_who_write_the_same_text_lose_neither(report, office, client):
    client.force_login(office)
    one = paragraph(report)
    version = one.version
    narrating.edit(one, "Bản của người khác.", by=office, at=AT, version=version)

    data = {f"text-{one.pk}": "Bản của tôi.", f"version-{one.pk}": version}
    content = client.post(report.get_absolute_url(), data).content.decode()

    assert "Bản của người khác." in content
    assert "Bản của tôi." in content


def test_looking_at_a_report_writes_nothing(office, client):
    OrganisationFactory()
    period = opening.open_period(periods.parse("2024-Q3"), by=office, at=AT)
    client.force_login(office)

    assert client.get(period.reports.get().get_absolute_url()).status_code == 200
    assert not ReportParagraph.objects.exists()


def test_the_page_sends_and_shows_what_is_wrong_beside_the_box(report, office, client):
    client.force_login(office)
    address = reverse("reports-staff:report-step", args=["2024-Q3", report.report_type.key, "gui"])

    content = client.post(address, {"document_number": "abc", "document_on": "2024-09-15"}).content.decode()
    assert "Viết số rồi ký hiệu" in content
    assert 'value="abc"' in content

    assert client.post(address, {"document_number": "7/BC-SKHCN", "document_on": "2024-09-15"}).status_code == 302
    assert Report.objects.get(pk=report.pk).is_locked
