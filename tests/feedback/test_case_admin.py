"""The case on the staff's site: who sees and does what, and that nothing typed is lost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from feedback import answering, disclosing, workflow
from feedback.models import AccessRecord, CannedAnswer, Submission
from portal import roles
from tests.factories import FieldFactory, FocalPersonFactory, OrganisationFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:feedback_submission_changelist")


class House:
    """A unit with a focal person and a head, the office, and a unit that has nothing to do with the case."""

    def __init__(self):
        OrganisationFactory()
        self.unit, self.other_unit, self.office_unit = UnitFactory(), UnitFactory(), UnitFactory()
        self.focal = UserFactory(username="dau-moi", role=roles.FOCAL_PERSON, unit=self.unit)
        self.head = UserFactory(username="lanh-dao", role=roles.HEAD_OF_UNIT, unit=self.unit)
        self.stranger = UserFactory(username="nguoi-khac", role=roles.HEAD_OF_UNIT, unit=self.other_unit)
        self.office = UserFactory(username="van-phong", role=roles.OFFICE, unit=self.office_unit)
        self.seat = FocalPersonFactory(unit=self.unit, user=self.focal)
        self.other_seat = FocalPersonFactory(unit=self.other_unit, user=self.stranger)
        self.office_seat = FocalPersonFactory(unit=self.office_unit, user=self.office, receives_rest=True)
        self.field = FieldFactory()
        self.seat.fields.add(self.field)


@pytest.fixture
def house():
    return House()


def received(house, **values):
    """A case in the register, given to the unit's focal person."""
    now = timezone.now()
    facts = {
        "about": "conduct",
        "field": house.field,
        "title": "Chờ lâu không có lịch hẹn",
        "content": "Nộp hồ sơ đã ba tuần.",
        "sender_name": "Người Gửi Minh Họa",
        "address": "Số 9 Đường Thử",
        "phone": "0900000009",
        "received_at": now,
    }
    suspicion = values.pop("suspicion", "")
    return workflow.receive(Submission(**{**facts, **values}), at=now, suspicion=suspicion)


def handled(house, **values):
    case = received(house, **values)
    workflow.classify(
        case, content_type="conduct", subject="conduct", time_class="conduct", by=house.focal, at=timezone.now()
    )
    return case


def waiting_for_approval(house):
    case = handled(house)
    answer = answering.draft(case, text="Đã cấp giấy phép.", by=house.focal, at=timezone.now())
    answering.submit(answer, by=house.focal, at=timezone.now())
    case.refresh_from_db()
    return case


def page_of(case):
    return reverse("admin:feedback_submission_change", args=[case.pk])


def step(client, case, verb, seen=None, **typed):
    seen = f"{Submission.objects.get(pk=case.pk).version}.0" if seen is None else seen
    data = {f"{verb}-{name}": value for name, value in typed.items()}
    return client.post(reverse("admin:feedback_submission_step", args=[case.pk, verb]), {"seen": seen, **data})


def write(client, case, button, **typed):
    answer = answering.in_the_making(case)
    written = int(answer.written_at.timestamp() * 1000) if answer else 0
    case = Submission.objects.get(pk=case.pk)
    data = {"seen": f"{case.version}.{written}", button: "1", "draft-outcome": "explained"}
    data |= {f"draft-{name}": value for name, value in typed.items()}
    return client.post(reverse("admin:feedback_submission_write", args=[case.pk]), data)


def text_of(response):
    return response.content.decode()


# Who.

HANDLE = {"focal", "head", "office"}
MATRIX = [
    # verb, what makes the case, what is typed, who may
    ("classify", received, {"content_type": "conduct", "subject": "conduct", "time_class": "conduct"}, HANDLE),
    ("reject", received, {"reason": "Không rõ nội dung."}, HANDLE),
    ("redirect", received, {"reason": "Gửi Thanh tra tỉnh."}, HANDLE),
    ("decline", received, {"remark": "Không thuộc phạm vi."}, HANDLE),
    ("note", received, {"text": "Đã gọi điện."}, HANDLE),
    ("withdraw", received, {"reason": "Gọi điện xin rút."}, HANDLE),
    ("ask", handled, {"text": "Hồ sơ nộp ngày nào?"}, HANDLE),
    ("forward", handled, {"agency": "Sở Y tế", "reason": "Thuộc thẩm quyền Sở Y tế."}, HANDLE),
    ("extend", handled, {"days": "2", "reason": "Cần xác minh."}, {"head", "office"}),
    ("approve_and_send", waiting_for_approval, {}, {"head", "office"}),
    ("approve_answer", waiting_for_approval, {}, {"head", "office"}),
    ("return_answer", waiting_for_approval, {"remark": "Nêu rõ ngày."}, {"head", "office"}),
    ("clear", lambda house: received(house, suspicion="Gửi quá nhanh"), {}, {"office"}),
    ("discard", lambda house: received(house, suspicion="Gửi quá nhanh"), {}, {"office"}),
]


@pytest.mark.parametrize(("verb", "make", "typed", "allowed"), MATRIX, ids=[row[0] for row in MATRIX])
def test_a_step_is_for_who_may_take_it(client, house, verb, make, typed, allowed):
    case = make(house)
    before = Submission.objects.get(pk=case.pk).version
    for who in ("focal", "head", "office", "stranger"):
        client.force_login(getattr(house, who))
        with transaction.atomic():
            response = step(client, case, verb, **typed)
            moved = Submission.objects.get(pk=case.pk).version > before
            transaction.set_rollback(True)
        assert moved == (who in allowed), who
        assert response.status_code in ({302} if who in allowed else {403, 404}), who


def test_only_the_office_assigns(client, house):
    case = received(house)
    client.force_login(house.head)
    assert step(client, case, "assign", focal_person=house.other_seat.pk).status_code == 403

    client.force_login(house.office)
    step(client, case, "assign", focal_person=house.other_seat.pk)
    assert Submission.objects.get(pk=case.pk).focal_person == house.other_seat


def test_another_unit_finds_no_case_nor_its_sender(client, house):
    case = received(house)
    client.force_login(house.stranger)
    assert client.get(page_of(case)).status_code == 404
    assert client.post(reverse("admin:feedback_submission_sender", args=[case.pk])).status_code == 404
    assert client.get(reverse("admin:feedback_submission_receipt", args=[case.pk])).status_code == 404


def test_who_transferred_a_case_is_led_to_the_list(client, house):
    case = received(house)
    client.force_login(house.focal)
    response = step(client, case, "transfer", focal_person=house.other_seat.pk, remark="Thuộc đơn vị kia.")
    assert response["Location"] == LIST


def test_steps_are_not_taken_by_get(client, house):
    case = received(house)
    client.force_login(house.office)
    for name, args in (("step", [case.pk, "reject"]), ("write", [case.pk]), ("sender", [case.pk])):
        assert client.get(reverse(f"admin:feedback_submission_{name}", args=args)).status_code == 405


def test_nobody_edits_or_deletes_a_row(client, house):
    case = received(house)
    client.force_login(house.office)
    client.post(page_of(case), {"title": "Sửa trộm"})
    client.post(reverse("admin:feedback_submission_delete", args=[case.pk]), {"post": "yes"})
    assert Submission.objects.get(pk=case.pk).title == case.title


# The sender.


def test_the_sender_is_masked_until_somebody_looks_which_is_written_down(client, house):
    case = received(house)
    client.force_login(house.focal)
    closed = text_of(client.get(page_of(case)))
    assert "N*** G***" in closed
    assert "Minh Họa" not in closed
    assert "0900000009" not in closed
    assert not AccessRecord.objects.exists()

    opened = text_of(client.post(reverse("admin:feedback_submission_sender", args=[case.pk])))
    assert "Người Gửi Minh Họa" in opened
    assert AccessRecord.objects.get().by == house.focal


def test_the_list_names_no_sender(client, house):
    received(house, organisation_name="Phòng khám Minh Họa", sender_kind="organisation")
    client.force_login(house.office)
    shown = text_of(client.get(LIST))
    assert "Chờ lâu không có lịch hẹn" in shown
    assert "Minh Họa" not in shown
    assert "0900000009" not in shown


# Nothing typed is lost.


def test_a_missing_reason_is_said_beside_its_field_and_the_rest_stays(client, house):
    case = handled(house)
    client.force_login(house.focal)
    response = step(client, case, "forward", agency="Sở Y tế", reason="")
    shown = text_of(response)
    assert response.status_code == 200
    assert "<title>Lỗi: " in shown
    assert response.context["typed"].form.errors == {"reason": ["Ghi lý do chuyển. Người gửi đọc được lý do này."]}
    assert 'value="Sở Y tế"' in shown
    assert Submission.objects.get(pk=case.pk).status == "handling"


def test_a_conflict_shows_the_new_state_and_keeps_the_text(client, house):
    case = handled(house)
    seen = f"{case.version}.0"
    workflow.reject(case, by=house.office, at=timezone.now(), reason="Đã trả lời ở phản ánh trước.")

    client.force_login(house.focal)
    shown = text_of(step(client, case, "ask", seen=seen, text="Hồ sơ nộp ngày nào vậy?"))

    assert "Người khác vừa xử lý phản ánh này." in shown
    assert "Không tiếp nhận" in shown
    assert "Hồ sơ nộp ngày nào vậy?" in shown
    assert Submission.objects.get(pk=case.pk).status == "rejected"


def test_a_step_that_is_still_there_keeps_its_text_after_a_conflict(client, house):
    case = handled(house)
    seen = f"{case.version}.0"
    workflow.note(case, text="Đã gọi.", by=house.office, at=timezone.now())

    client.force_login(house.focal)
    response = step(client, case, "ask", seen=seen, text="Hồ sơ nộp ngày nào vậy?")
    assert "Hồ sơ nộp ngày nào vậy?" in text_of(response)
    assert response.context["lost"] == []
    assert Submission.objects.get(pk=case.pk).status == "handling"


def test_a_note_is_taken_though_the_case_has_moved_on(client, house):
    case = handled(house)
    client.force_login(house.focal)
    step(client, case, "note", seen="0.0", text="Đã gọi điện hỏi thêm.")
    assert case.messages.get(audience="staff").text == "Đã gọi điện hỏi thêm."


def test_two_who_write_the_answer_do_not_overwrite_each_other(client, house):
    case = handled(house)
    answering.draft(case, text="Bản của người khác.", by=house.head, at=timezone.now())
    client.force_login(house.focal)
    data = {"seen": f"{case.version}.0", "_save": "1", "draft-outcome": "explained", "draft-text": "Bản của tôi."}

    shown = text_of(client.post(reverse("admin:feedback_submission_write", args=[case.pk]), data))

    assert "Bản của tôi." in shown
    assert "Người khác vừa xử lý" in shown
    assert answering.in_the_making(case).text == "Bản của người khác."


# What the sender says by telephone or letter.


def picture():
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return SimpleUploadedFile("ban-ve.png", content.getvalue())


@pytest.mark.parametrize("files", [{}, {"attached": picture}])
def test_what_the_sender_adds_by_telephone_or_letter_is_written_down(client, house, files, monkeypatch, tmp_path):
    monkeypatch.setitem(vars(storages["attachments"]), "location", str(tmp_path / "tep"))
    case = handled(house)
    workflow.ask(case, text="Hồ sơ nộp ngày nào?", by=house.focal, at=timezone.now())
    client.force_login(house.focal)

    step(client, case, "reply", text="Nộp ngày 02/11/2026.", **{name: make() for name, make in files.items()})

    reply = case.messages.get(from_sender=True)
    assert reply.text == "Nộp ngày 02/11/2026."
    assert reply.attachments.count() == len(files)
    assert Submission.objects.get(pk=case.pk).status == "handling"


@pytest.fixture
def full_disk(monkeypatch):
    def save(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(storages["attachments"], "_save", save)


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_a_step_keeps_what_is_typed(client, house):
    case = handled(house)
    workflow.ask(case, text="Hồ sơ nộp ngày nào?", by=house.focal, at=timezone.now())
    client.force_login(house.focal)

    shown = text_of(step(client, case, "reply", text="Nộp ngày 02/11/2026.", attached=picture()))

    assert "Chưa lưu được tệp" in shown
    assert "Nộp ngày 02/11/2026." in shown
    assert Submission.objects.get(pk=case.pk).status == "asked"
    assert not case.messages.filter(from_sender=True).exists()


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_an_answer_keeps_what_is_typed_and_is_not_handed_in(client, house):
    case = handled(house)
    client.force_login(house.focal)

    shown = write(client, case, "_submit", text="Đã cấp giấy phép.", attached=picture())

    assert "Chưa lưu được tệp" in text_of(shown)
    assert "Đã cấp giấy phép." in text_of(shown)
    assert answering.in_the_making(case) is None
    # Without the file it goes on.
    write(client, case, "_submit", text="Đã cấp giấy phép.")
    assert answering.in_the_making(case).status == "submitted"


def test_criteria_that_are_not_judged_are_asked_for(client, house):
    case = received(house, about="unfit")
    kinds = {"content_type": "unfit", "subject": "regulation", "time_class": "ordinary"}
    workflow.classify(case, **kinds, by=house.focal, at=timezone.now())
    client.force_login(house.focal)

    refused = step(client, case, "assess", sufficient="yes", necessary="met")
    assert set(refused.context["typed"].form.errors) == set(workflow.CRITERIA) - {"necessary"}
    step(client, case, "assess", sufficient="yes", **dict.fromkeys(workflow.CRITERIA, "met"))
    assert Submission.objects.get(pk=case.pk).assessment.sufficient


# The answer.


def test_an_answer_is_written_by_one_and_approved_by_another(client, house):
    case = handled(house)
    client.force_login(house.focal)
    write(client, case, "_save", text="Lịch hẹn là ngày 02/12/2026.")
    assert answering.in_the_making(case).status == "draft"
    write(
        client,
        case,
        "_submit",
        text="Lịch hẹn là ngày 03/12/2026.",
        document_number="12/SKHCN",
        document_on="24/11/2026",
    )
    assert "Chờ người khác duyệt" in text_of(client.get(page_of(case)))

    client.force_login(house.head)
    assert "Duyệt và gửi" in text_of(client.get(page_of(case)))
    step(client, case, "approve_and_send")

    answer = case.answers.get()
    assert (answer.status, answer.text) == ("sent", "Lịch hẹn là ngày 03/12/2026.")
    assert answer.approved_by == house.head
    assert Submission.objects.get(pk=case.pk).status == "answered"


def test_who_wrote_an_answer_does_not_approve_it(client, house):
    case = handled(house)
    client.force_login(house.head)
    write(client, case, "_submit", text="Đã cấp giấy phép.")
    shown = text_of(client.get(page_of(case)))
    assert "Duyệt và gửi" not in shown
    assert "Gửi câu trả lời" not in shown
    step(client, case, "approve_and_send")
    assert answering.in_the_making(case).status == "submitted"


def test_an_empty_answer_is_refused_in_words(client, house):
    case = handled(house)
    client.force_login(house.focal)
    response = write(client, case, "_submit", text=" ", document_number="12/SKHCN")
    assert response.context["answer_form"].errors == {"text": ["Viết nội dung trả lời."]}
    assert 'value="12/SKHCN"' in text_of(response)


def test_a_text_to_start_from_is_added_to_what_is_typed(client, house):
    case = handled(house)
    canned = CannedAnswer.objects.create(
        title="Lịch hẹn", text="Thưa {ho_ten}, phản ánh số {so} ({don_vi}), hạn {han}."
    )
    client.force_login(house.focal)

    response = write(client, case, "_canned", text="Đoạn đã viết.", canned=canned.pk)

    text = response.context["answer_form"]["text"].value()
    assert text.startswith("Đoạn đã viết.\n\nThưa Người Gửi Minh Họa, phản ánh số ")
    assert case.register_entry in text
    assert house.unit.name in text
    assert AccessRecord.objects.filter(by=house.focal).exists()
    assert answering.in_the_making(case) is None


# Several at once, and the list.


def act(client, action, *cases, **more):
    data = {"action": action, "_selected_action": [case.pk for case in cases], **more}
    return client.post(LIST, data, follow=True)


def test_several_are_assigned_to_one(client, house):
    cases = [received(house), received(house, title="Việc khác")]
    client.force_login(house.office)
    assert "Giao 2 phản ánh" in text_of(act(client, "assign_several", *cases))

    act(client, "assign_several", *cases, _assign="1", focal_person=house.other_seat.pk)
    assert set(Submission.objects.values_list("focal_person", flat=True)) == {house.other_seat.pk}


def test_several_answers_are_sent_and_what_stands_in_the_way_of_one_is_said(client, house):
    ready, bare = waiting_for_approval(house), handled(house, title="Chưa có câu trả lời")
    client.force_login(house.head)

    shown = text_of(act(client, "send_several", ready, bare))

    assert Submission.objects.get(pk=ready.pk).status == "answered"
    assert f"{bare.register_entry}: Chưa có câu trả lời nào chờ duyệt." in shown
    assert "Đã duyệt và gửi trả lời 1 phản ánh." in shown


def test_several_public_copies_are_published(client, house):
    case = waiting_for_approval(house)
    answering.approve_and_send(answering.in_the_making(case), by=house.head, at=timezone.now())
    case.refresh_from_db()
    public = disclosing.prepare(case, by=house.focal, at=timezone.now())
    disclosing.submit(public, by=house.focal, at=timezone.now())
    bare = handled(house, title="Chưa có bản công khai")
    client.force_login(house.office)

    shown = text_of(act(client, "publish_several", case, bare))

    public.refresh_from_db()
    assert public.status == "published"
    assert f"{bare.register_entry}: Chưa có bản công khai nào chờ duyệt." in shown


def test_several_are_discarded_as_spam(client, house):
    cases = [received(house, suspicion="Gửi quá nhanh", title=f"Lạ {number}") for number in range(2)]
    client.force_login(house.office)
    marked = {"action": "discard_several", "_selected_action": [case.pk for case in cases]}
    client.post(f"{LIST}?viec=nghi-thu-rac", marked)
    assert set(Submission.objects.values_list("status", flat=True)) == {"spam"}


def test_a_focal_person_has_no_actions_of_the_office(client, house):
    case = received(house)
    client.force_login(house.focal)
    act(client, "assign_several", case, _assign="1", focal_person=house.other_seat.pk)
    act(client, "send_several", case)
    assert Submission.objects.get(pk=case.pk).focal_person == house.seat


def test_suspected_spam_waits_in_a_list_of_its_own(client, house):
    suspected = received(house, suspicion="Gửi quá nhanh", title="Nội dung lạ")
    client.force_login(house.office)
    assert "Nội dung lạ" not in text_of(client.get(LIST))
    assert "Nội dung lạ" in text_of(client.get(LIST, {"viec": "nghi-thu-rac"}))

    act(client, "clear_several", suspected)  # the list without the filter does not hold it
    assert Submission.objects.get(pk=suspected.pk).status == "suspected"
    client.post(f"{LIST}?viec=nghi-thu-rac", {"action": "clear_several", "_selected_action": [suspected.pk]})
    assert Submission.objects.get(pk=suspected.pk).status == "registered"


@pytest.mark.parametrize("words", ["cho lau", "ba tuần", "{entry}", "{code}"])
def test_cases_are_found_by_words_number_and_code(client, house, words):
    case = received(house)
    received(house, title="Giấy tờ trùng nhau", content="Nộp hai lần.")
    client.force_login(house.office)
    asked = words.format(entry=case.register_entry, code=case.shown_code.lower())
    shown = client.get(LIST, {"q": asked}).context["cl"].result_list
    assert shown == [case]


def test_the_first_page_counts_what_the_list_holds(client, house):
    late, waiting = received(house), waiting_for_approval(house)
    received(house, suspicion="Gửi quá nhanh")
    on = timezone.localdate()
    Submission.objects.filter(pk=late.pk).update(answer_due_on=on - timedelta(days=3))

    client.force_login(house.head)
    tasks = {task.title: task for task in client.get(reverse("admin:index")).context["tasks"]}
    assert tasks["Phản ánh quá hạn trả lời"].urgent
    assert tasks["Duyệt câu trả lời phản ánh"].count == 1
    assert "Xem phản ánh nghi thư rác" not in tasks
    assert client.get(tasks["Phản ánh quá hạn trả lời"].url).context["cl"].result_list == [late]
    assert client.get(tasks["Duyệt câu trả lời phản ánh"].url).context["cl"].result_list == [waiting]

    client.force_login(house.stranger)
    assert "Phản ánh quá hạn trả lời" not in {
        task.title for task in client.get(reverse("admin:index")).context["tasks"]
    }


def test_the_list_and_the_case_ask_as_much_for_many_as_for_one(client, house, django_assert_max_num_queries):
    cases = [received(house, title=f"Chờ lâu lần {number}") for number in range(6)]
    client.force_login(house.office)
    client.get(LIST)
    with django_assert_max_num_queries(18):
        client.get(LIST)
    for number in range(5):
        workflow.note(cases[0], text=f"Ghi chú {number}", by=house.focal, at=timezone.now())
    with django_assert_max_num_queries(34):
        client.get(page_of(cases[0]))


def test_a_likely_duplicate_is_shown_and_merged(client, house):
    first = received(house)
    second = received(house, title="Chờ lâu, không có lịch hẹn")
    client.force_login(house.office)
    assert "tiêu đề gần giống" in text_of(client.get(page_of(second)))

    wrong = step(client, second, "merge", into="999/2026")
    assert "Chưa tìm thấy phản ánh có số này." in text_of(wrong)
    step(client, second, "merge", into=first.register_entry)
    assert Submission.objects.get(pk=second.pk).merged_into == first
