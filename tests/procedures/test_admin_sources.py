"""The office's page for what a source says differently of a public procedure."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import roles
from portal.admin_site import tasks
from procedures import importing, publishing, reconciling
from procedures.importing.records import FeeRecord, Record
from procedures.models import Procedure, SourceRecord
from tests.factories import ProcedureFactory, UserFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LIST = reverse("admin:procedures_sourcerecord_changelist")
NATIONAL_TASK = "Thủ tục khác CSDL quốc gia"

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def differing(code="1.900001", **parts):
    """Return the kept record of a public procedure, other steps and no fee unless the parts say otherwise."""
    ProcedureFactory(code=code, published=True)
    parts = parts or {"steps": "Bước 1: Gửi hồ sơ.", "fees": [FeeRecord("fee", "free")]}
    importing.apply(Record(code, None, "txt-2026", f"{code}.txt", **parts), at=NOON)
    return SourceRecord.objects.get(procedure__code=code)


def url(kept):
    return reverse("admin:procedures_sourcerecord_change", args=[kept.pk])


def answer(client, kept, **data):
    seen = data.pop("seen", None) or reconciling.state_number(kept)
    return client.post(url(kept), {"seen": seen, **data}, follow=True)


def text(response):
    return response.content.decode()


def test_the_page_shows_both_texts_with_the_words_that_differ(client, officer):
    page = text(client.get(url(differing())))

    assert "Cổng đang công khai" in page
    assert "Trình tự thực hiện" in page
    assert '<ins><span class="visually-hidden">Thêm: </span>Gửi </ins>hồ sơ.' in page
    assert "2.000.000 đồng</del>" in page
    assert "khoản 2 Điều 26 Nghị định 63/2010/NĐ-CP" in page
    assert "1.900001.txt" in page


def test_chosen_parts_are_taken(client, officer):
    kept = differing()

    response = answer(client, kept, part="fees", _take="1")

    procedure = Procedure.objects.get()
    assert procedure.fees.get().state == "free"
    assert procedure.steps == "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả."
    assert "Đã lấy: Phí, lệ phí." in text(response)


def test_all_parts_are_taken_at_once(client, officer):
    kept = differing()

    response = answer(client, kept, _take_all="1")

    assert Procedure.objects.get().steps == "Bước 1: Gửi hồ sơ."
    assert "không còn phần nào khác nhau" in text(response)


def test_taking_nothing_asks_to_choose(client, officer):
    response = answer(client, differing(), _take="1")

    assert "Chọn ít nhất một phần cần lấy." in text(response)
    assert Procedure.objects.get().fees.get().amount == 2_000_000


def test_ours_is_kept_for_a_reason_that_the_page_tells(client, officer):
    response = answer(client, differing(), reason="CSDL quốc gia chưa cập nhật.", _keep="1")

    kept = SourceRecord.objects.get()
    assert (kept.state, kept.kept_by) == ("ours_kept", officer)
    assert "CSDL quốc gia chưa cập nhật." in text(response)


def test_ours_is_not_kept_without_a_reason(client, officer):
    response = answer(client, differing(), reason="  ", _keep="1")

    assert "Ghi lý do giữ bản của Sở." in text(response)
    assert SourceRecord.objects.get().state == "differs"


def test_an_answer_to_an_old_page_is_not_taken(client, officer):
    kept = differing()

    response = answer(client, kept, seen="old-1", _take_all="1")

    assert "vừa thay đổi" in text(response)
    assert Procedure.objects.get().fees.get().amount == 2_000_000


def test_what_would_take_a_required_part_away_is_refused_with_the_article(client, officer):
    response = answer(client, differing(items=[]), _take_all="1")

    assert publishing.ARTICLE in text(response)
    assert Procedure.objects.get().items.count() == 1


@pytest.mark.parametrize("role", [roles.ADMINISTRATOR, roles.UNIT])
def test_others_look_and_answer_nothing(client, role):
    kept = differing()
    client.force_login(UserFactory(role=role))

    page = client.get(url(kept))

    assert page.status_code == 200
    assert "_take" not in text(page)
    assert answer(client, kept, _take_all="1").status_code == 403
    assert Procedure.objects.get().fees.get().amount == 2_000_000


def test_looking_stores_nothing(client, officer, django_assert_max_num_queries):
    kept = differing()
    before = SourceRecord.objects.values().get()

    client.get(url(kept))
    client.get(LIST)

    assert SourceRecord.objects.values().get() == before


@pytest.mark.parametrize("number", [0, 999_999])
def test_a_record_that_is_not_there_is_not_found(client, officer, number):
    assert client.get(reverse("admin:procedures_sourcerecord_change", args=[number])).status_code == 404


def test_the_first_page_counts_what_waits_and_leads_to_it(client, officer):
    first = differing("1.900001")
    differing("1.900002")
    answer(client, first, reason="Đã hỏi Bộ.", _keep="1")

    waiting = {task.title: task for task in tasks.waiting(officer, timezone.localdate())}

    assert (waiting[NATIONAL_TASK].count, waiting[NATIONAL_TASK].urgent) == (1, True)
    listed = client.get(waiting[NATIONAL_TASK].url).context["cl"]
    assert [kept.procedure.code for kept in listed.result_list] == ["1.900002"]


def test_a_unit_is_not_asked():
    differing()

    assert not [
        task for task in tasks.waiting(UserFactory(role=roles.UNIT), NOON.date()) if task.title == NATIONAL_TASK
    ]


def test_the_list_takes_the_same_number_of_queries_however_long(client, officer, django_assert_num_queries):
    differing("1.900001")
    client.get(LIST)
    with django_assert_num_queries(9) as few:
        client.get(LIST)
    for number in range(2, 8):
        differing(f"1.90000{number}")

    with django_assert_num_queries(len(few.captured_queries)):
        page = client.get(LIST)

    assert "Trình tự thực hiện, phí, lệ phí".lower() in text(page).lower()


def test_it_is_found_by_name_without_marks(client, officer):
    differing()

    found = client.get(LIST, {"q": "cap giay phep"}).context["cl"].result_count

    assert found == 1


def test_the_form_of_the_procedure_leads_to_the_comparison(client, officer):
    kept = differing()

    page = text(client.get(reverse("admin:procedures_procedure_change", args=[kept.procedure_id])))

    assert url(kept) in page
    assert "So với CSDL quốc gia" in page


def test_a_draft_goes_with_what_was_kept_of_it(client, officer):
    procedure = importing.apply(
        Record("1.900009", "Thủ tục thử", "txt-2026", "1.900009.txt", steps="Bước 1: Nộp."), at=NOON
    ).procedure
    assert SourceRecord.objects.exists()

    client.post(reverse("admin:procedures_procedure_delete", args=[procedure.pk]), {"post": "yes"})

    assert not Procedure.objects.exists()
    assert not SourceRecord.objects.exists()


def test_records_are_neither_added_nor_deleted_by_hand(client, officer):
    kept = differing()

    assert client.get(reverse("admin:procedures_sourcerecord_add")).status_code == 403
    assert client.get(reverse("admin:procedures_sourcerecord_delete", args=[kept.pk])).status_code == 403


def test_ours_stays_kept_when_the_same_record_comes_again(client, officer):
    answer(client, differing(), reason="Đã hỏi Bộ.", _keep="1")
    parts = {"steps": "Bước 1: Gửi hồ sơ.", "fees": [FeeRecord("fee", "free")]}

    importing.apply(Record("1.900001", None, "txt-2026", "khac.txt", **parts), at=NOON + timedelta(days=1))

    assert SourceRecord.objects.get().state == "ours_kept"
