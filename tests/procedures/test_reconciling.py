"""What a source says differently of a public procedure: kept apart, shown, taken or answered."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from reversion.models import Version

from procedures import importing, publishing, reconciling
from procedures.importing.records import (
    BasisRecord,
    FeeRecord,
    FormRecord,
    ItemRecord,
    MethodRecord,
    Record,
    from_plain,
    laid_over,
    only,
)
from procedures.models import LegalDocument, Procedure, SourceRecord
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
OURS = "Bước 1: Nộp đơn ở quầy số 3."


def record(**changes):
    values = {
        "code": "1.900001",
        "name": "Thủ tục cấp giấy phép thử",
        "source": "txt-2026",
        "file": "1.900001.txt",
        "field": "Lĩnh vực kiểm thử",
        "levels": ["province"],
        "audience": "Doanh nghiệp",
        "steps": "Bước 1: Nộp đơn.",
        "requirements": "",
        "executing_agency": "Sở Khoa học và Công nghệ",
        "decision_on": date(2026, 7, 1),
        "synced_at": datetime(2026, 11, 20, 3, 4, 5, 678, tzinfo=UTC),
        "methods": [MethodRecord("online", Decimal("5.5"), "working_day")],
        "fees": [FeeRecord("fee", "amount", 2_000_000, valid_from=date(2026, 1, 1))],
        "items": [ItemRecord("Đơn đề nghị", "Trường hợp đầu", 1, 0, FormRecord("Mau.docx", "https://example.org/1"))],
        "legal_bases": [BasisRecord("01/2024/QH15", "Luật Đo mẫu", "Quốc hội", date(2024, 1, 2))],
    }
    return Record(**{**values, **changes})


def run(day):
    return MONDAY + timedelta(days=day)


def published():
    """Return a procedure that was imported on Monday and is public."""
    procedure = importing.apply(record(), at=run(0)).procedure
    publishing.publish(procedure, by=None, at=run(0))
    return Procedure.objects.get()


def kept():
    return SourceRecord.objects.get()


def edit(procedure, **columns):
    """Save as the staff's form does."""
    for name, value in columns.items():
        setattr(procedure, name, value)
    with importing.applying.reversion.create_revision():
        procedure.save()


def take(parts, by=None):
    return reconciling.take(kept(), parts, seen=reconciling.state_number(kept()), by=by or UserFactory(), at=run(5))


def keep_ours(reason="CSDL quốc gia chưa cập nhật."):
    by = UserFactory()
    reconciling.keep_ours(kept(), reason=reason, seen=reconciling.state_number(kept()), by=by, at=run(5))


# What an import does with a public procedure.


def test_a_record_that_differs_does_not_touch_what_is_public():
    published()
    before, versions = Procedure.objects.values().get(), Version.objects.count()

    outcome = importing.apply(record(steps="Bước 1: Gửi đơn.", fees=[FeeRecord("fee", "free")]), at=run(1))

    after = Procedure.objects.values().get()
    assert outcome.kind == "proposed"
    assert {change.part: (change.old, change.new) for change in outcome.changes} == {
        "steps": ("Bước 1: Nộp đơn.", "Bước 1: Gửi đơn."),
        "fees": ("Phí: 2.000.000 đồng; từ 01/01/2026", "Phí: Không thu"),
    }
    assert {**after, "import_marks": None} == {**before, "import_marks": None}
    assert Procedure.objects.get().fees.get().amount == 2_000_000
    assert Version.objects.count() == versions
    assert (kept().state, kept().differing) == ("differs", ["steps", "fees"])


def test_a_dry_run_proposes_and_stores_nothing():
    published()

    outcome = importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1), dry_run=True)

    assert outcome.kind == "proposed"
    assert (kept().state, kept().taken_at) == ("same", run(0))


def test_the_same_record_again_is_unchanged():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    assert importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(2)).kind == "unchanged"
    assert kept().state == "differs"


def test_two_years_of_records_are_proposed_once_each_and_the_later_stands():
    published()
    both = [record(source="txt-2024", steps="Bước 1: Cũ."), record(steps="Bước 1: Mới.")]

    assert [importing.apply(one, at=run(1)).kind for one in both] == ["proposed", "proposed"]
    assert [importing.apply(one, at=run(2)).kind for one in both] == ["unchanged", "unchanged"]
    assert kept().content["steps"] == "Bước 1: Mới."


def test_a_record_that_agrees_is_kept_as_the_same():
    published()

    outcome = importing.apply(record(source="json-2026"), at=run(1))

    assert (outcome.kind, outcome.changes) == ("unchanged", [])
    assert (kept().state, kept().taken_at) == ("same", run(1))


def test_a_list_that_speaks_of_some_parts_leaves_what_was_said_of_the_others():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    listed = Record(code="1.900001", name="Thủ tục cấp giấy phép thử", source="list", file="ds.csv")
    outcome = importing.apply(listed, at=run(2))

    assert outcome.kind == "unchanged"
    assert (kept().state, kept().differing) == ("differs", ["steps"])


def test_what_was_edited_before_publication_differs_from_what_the_source_said():
    procedure = importing.apply(record(), at=run(0)).procedure
    edit(procedure, steps=OURS)

    publishing.publish(procedure, by=None, at=run(0))

    assert (kept().state, kept().differing) == ("differs", ["steps"])


def test_a_published_procedure_of_which_nothing_was_kept_is_compared_at_the_next_import():
    procedure = published()
    edit(procedure, steps=OURS)
    SourceRecord.objects.all().delete()

    outcome = importing.apply(record(), at=run(1))

    assert outcome.kind == "proposed"
    assert kept().differing == ["steps"]
    assert Procedure.objects.get().steps == OURS


def test_a_draft_is_updated_as_ever_and_leaves_a_version():
    importing.apply(record(), at=run(0))

    outcome = importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    assert outcome.kind == "changed"
    assert Procedure.objects.get().steps == "Bước 1: Gửi đơn."
    assert Version.objects.get_for_object(outcome.procedure).count() == 2
    assert (kept().state, kept().content["steps"]) == ("same", "Bước 1: Gửi đơn.")


def test_a_form_of_a_unit_is_kept_apart_from_what_the_national_database_says():
    published()

    outcome = importing.apply(
        Record("1.900001", None, "template", "mau.xlsx", fees=[FeeRecord("fee", "free")]), at=run(1)
    )

    states = dict(SourceRecord.objects.values_list("origin", "state"))
    assert outcome.kind == "proposed"
    assert states == {"national": "same", "other": "differs"}


def test_a_form_of_a_unit_that_changes_nothing_is_not_kept():
    published()

    importing.apply(Record("1.900001", None, "template", "mau.xlsx", steps="Bước 1: Nộp đơn."), at=run(1))

    assert kept().origin == "national"


def test_an_unconfirmed_short_name_differs_only_together_with_the_name():
    procedure = published()
    edit(procedure, short_name="Giấy phép thử", short_name_proposed=True)
    assert kept().state == "same"

    importing.apply(record(name="Thủ tục đổi giấy phép thử"), at=run(1))
    take(["name"])

    procedure.refresh_from_db()
    assert (procedure.name, procedure.short_name) == ("Thủ tục đổi giấy phép thử", "Đổi giấy phép thử")


def test_a_withdrawn_procedure_is_no_longer_asked_about():
    procedure = published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    publishing.withdraw(procedure, by=None, at=run(2))

    assert not SourceRecord.objects.differing().exists()


# What is kept is the record, whole.


def test_a_record_comes_back_from_the_database_as_it_was():
    importing.apply(record(), at=run(0))

    found = from_plain(kept().content)

    assert laid_over(record(synced_at=None), found) == record(synced_at=found.synced_at)
    assert abs(found.synced_at - record().synced_at) < timedelta(milliseconds=1)


def test_a_part_is_a_record_that_is_silent_of_the_rest():
    part = only(record(), ["steps", "fees"])

    assert (part.code, part.steps, part.fees) == ("1.900001", "Bước 1: Nộp đơn.", record().fees)
    assert (part.name, part.items, part.decision_on) == (None, None, None)


# What differs.


def test_differences_are_told_part_by_part_word_by_word():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn.", levels=["province", "commune"]), at=run(1))

    found = {difference.part: difference for difference in reconciling.differences(kept())}

    assert [difference.label for difference in found.values()] == ["Trình tự thực hiện", "Cấp thực hiện"]
    assert found["steps"].changes[0].passages == [
        (
            [("Bước 1: ", False), ("Nộp ", True), ("đơn.", False)],
            [("Bước 1: ", False), ("Gửi ", True), ("đơn.", False)],
        )
    ]
    assert [change.label for change in found["levels"].changes] == ["Cấp xã"]


@pytest.mark.parametrize(
    ("changes", "theirs"),
    [
        (
            {"methods": [MethodRecord("online", Decimal("5.5"), "working_day", description="Nộp ở Cổng.")]},
            "Nộp ở Cổng.",
        ),
        ({"fees": [FeeRecord("fee", "amount", 2_000_000, channel="online")]}, "Trực tuyến"),
        ({"items": [ItemRecord("Đơn đề nghị", "", 1, 0, FormRecord("Mau2.docx"))]}, "Mau2.docx"),
        ({"online_level": "full"}, "Toàn trình"),
        ({"decision_on": date(2026, 8, 2)}, "02/08/2026"),
    ],
)
def test_a_difference_of_any_detail_can_be_read(changes, theirs):
    published()
    importing.apply(record(**changes), at=run(1))

    (difference,) = reconciling.differences(kept())

    ((_, new),) = difference.changes[0].passages
    assert theirs in "".join(text for text, _ in new)


def test_a_save_by_the_office_is_compared_at_once():
    procedure = published()

    edit(procedure, steps=OURS)
    assert (kept().state, kept().differing) == ("differs", ["steps"])

    edit(procedure, steps="Bước 1: Nộp đơn.")
    assert (kept().state, kept().differing) == ("same", [])


# Take theirs.


def test_taking_a_part_takes_that_part_and_leaves_a_version():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn.", fees=[FeeRecord("fee", "free")]), at=run(1))
    by = UserFactory()

    taken = take(["fees"], by=by)

    procedure = Procedure.objects.get()
    version = Version.objects.get_for_object(procedure).order_by("pk").last()
    assert taken == ["Phí, lệ phí"]
    assert (procedure.fees.get().state, procedure.steps) == ("free", "Bước 1: Nộp đơn.")
    assert procedure.is_published
    assert (version.revision.user, version.revision.date_created) == (by, run(5))
    assert (kept().state, kept().differing) == ("differs", ["steps"])
    assert "Phí, lệ phí" in LogEntry.objects.get(user=by).change_message


def test_taking_all_makes_both_the_same():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn.", fees=[], items=[ItemRecord("Đơn mới")]), at=run(1))

    take(kept().differing)

    procedure = Procedure.objects.get()
    assert (kept().state, reconciling.differences(kept())) == ("same", [])
    assert (procedure.steps, procedure.fees.count(), procedure.items.get().name) == ("Bước 1: Gửi đơn.", 0, "Đơn mới")
    assert importing.apply(record(steps="Bước 1: Gửi đơn.", fees=[]), at=run(6)).kind != "changed"


def test_the_version_in_force_is_untouched_until_it_is_taken():
    procedure = published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    assert procedure.versions.get().content["columns"]["steps"] == "Bước 1: Nộp đơn."

    take(["steps"])

    assert procedure.versions.get().content["columns"]["steps"] == "Bước 1: Gửi đơn."


def test_a_part_that_does_not_differ_is_not_taken():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    assert take(["requirements", "nonsense"]) == []
    assert kept().differing == ["steps"]


def test_a_required_part_is_not_taken_away():
    published()
    importing.apply(record(items=[]), at=run(1))

    with pytest.raises(publishing.NotPublishable):
        take(["items"])

    assert Procedure.objects.get().items.count() == 1
    assert kept().state == "differs"


def test_days_that_do_not_fit_are_not_taken():
    procedure = published()
    edit(procedure, in_force_from=date(2026, 3, 1))
    importing.apply(record(in_force_from=date(2026, 1, 1), in_force_to=date(2026, 2, 1)), at=run(1))

    with pytest.raises(importing.Refused):
        take(["in_force_to"])

    assert Procedure.objects.get().in_force_to is None


@pytest.mark.parametrize(
    ("answer", "given"), [(reconciling.take, {"parts": ["steps"]}), (reconciling.keep_ours, {"reason": "Vì sao."})]
)
def test_an_answer_to_what_has_changed_meanwhile_is_not_taken(answer, given):
    procedure = published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    old, seen = kept(), reconciling.state_number(kept())
    edit(procedure, results="Giấy phép khác")

    with pytest.raises(publishing.Conflict):
        answer(old, **given, seen=seen, by=UserFactory(), at=run(5))


def test_a_document_that_the_source_names_is_made_when_its_part_is_taken():
    published()
    importing.apply(record(legal_bases=[BasisRecord("02/2026/QH15", "Luật mới")]), at=run(1))
    assert not LegalDocument.objects.filter(number="02/2026/QH15").exists()

    take(["legal_bases"])

    assert Procedure.objects.get().legal_bases.get().document.title == "Luật mới"


# Keep ours.


def test_keeping_ours_quiets_the_alarm_with_reason_name_and_time():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))

    keep_ours("CSDL quốc gia chưa cập nhật.")

    assert kept().state == "ours_kept"
    assert (kept().kept_reason, kept().kept_at) == ("CSDL quốc gia chưa cập nhật.", run(5))
    assert not SourceRecord.objects.differing().exists()
    assert "chưa cập nhật" in LogEntry.objects.get().change_message


def test_ours_stays_kept_while_the_source_says_the_same():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    keep_ours()

    again = importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(6))
    other_file = importing.apply(record(source="json-2026", steps="Bước 1: Gửi đơn."), at=run(7))

    assert (again.kind, other_file.kind, kept().state) == ("unchanged", "unchanged", "ours_kept")


def test_the_source_saying_something_new_asks_again():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    keep_ours()

    outcome = importing.apply(record(steps="Bước 1: Gửi đơn trực tuyến."), at=run(6))

    assert (outcome.kind, kept().state) == ("proposed", "differs")


def test_news_of_another_part_leaves_the_kept_part_kept():
    published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    keep_ours()

    importing.apply(record(steps="Bước 1: Gửi đơn.", fees=[FeeRecord("fee", "free")]), at=run(6))

    assert (kept().state, kept().kept_parts) == ("differs", ["steps"])
    assert {one.part: one.kept for one in reconciling.differences(kept())} == {"steps": True, "fees": False}
    take(["fees"])
    assert kept().state == "ours_kept"


def test_a_slip_in_a_part_that_was_the_same_is_told_although_ours_is_kept():
    procedure = published()
    importing.apply(record(steps="Bước 1: Gửi đơn."), at=run(1))
    keep_ours()

    edit(procedure, executing_agency="Sở khác")

    assert (kept().state, kept().differing) == ("differs", ["steps", "executing_agency"])


def test_there_is_nothing_to_keep_where_nothing_differs():
    published()

    with pytest.raises(publishing.Conflict):
        keep_ours()
