import pytest
from django.db import IntegrityError, transaction

from feedback import answering, disclosing, workflow
from feedback.disclosing import Texts
from feedback.models import Event, PublicAnswer, Submission
from portal import roles
from portal.steps import Conflict, NotAllowed, Refused
from tests.factories import UserFactory
from tests.feedback.cast import cast, handled, later

pytestmark = pytest.mark.django_db

NAME = "Nguyễn Văn A"
PHONE = "0903000111"


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def case(people):
    return answered(people)


def answered(people, **values):
    told = {
        "sender_name": NAME,
        "phone": PHONE,
        "title": "Giấy tờ trùng nhau",
        "content": f"Tôi là {NAME}, gọi tôi theo số 0903.000.111. Phải nộp hai lần cùng một loại giấy.",
    }
    found = handled(people, **{**told, **values})
    answer = answering.draft(found, text=f"Kính gửi ông {NAME}. Sở đã bỏ giấy trùng.", by=people.officer, at=later(1))
    answering.submit(answer, by=people.officer, at=later(1))
    answering.approve_and_send(answer, by=people.head, at=later(2))
    return Submission.objects.get(pk=found.pk)


@pytest.fixture
def copy(case, people):
    return disclosing.prepare(case, by=people.officer, at=later(3))


def submitted(copy, people):
    disclosing.submit(copy, by=people.officer, at=later(3))
    return copy


def published(copy, people):
    disclosing.publish(submitted(copy, people), by=people.office, at=later(4))
    return copy


def verbs_of(case):
    return list(case.events.order_by("pk").values_list("verb", flat=True))


def test_the_copy_begins_with_everything_masked(copy):
    assert copy.question == "Tôi là [tên], gọi tôi theo số [số điện thoại]. Phải nộp hai lần cùng một loại giấy."
    assert copy.answer == "Kính gửi ông [tên]. Sở đã bỏ giấy trùng."
    assert disclosing.findings(copy) == []


def test_the_proposal_is_part_of_the_question(people):
    case = answered(people, proposed_solution="Bỏ một lần.")

    copy = disclosing.prepare(case, by=people.officer, at=later(3))

    assert copy.question.endswith("Đề xuất: Bỏ một lần.")


def test_preparing_again_gives_the_same_copy(copy, case, people):
    assert disclosing.prepare(case, by=people.office, at=later(3)) == copy


def test_nothing_is_prepared_before_the_answer_is_sent(people):
    with pytest.raises(Refused, match="Gửi câu trả lời"):
        disclosing.prepare(handled(people), by=people.officer, at=later(1))


def test_a_stranger_prepares_nothing(case, people):
    with pytest.raises(NotAllowed):
        disclosing.prepare(case, by=people.stranger, at=later(3))


def test_what_the_machine_finds_has_to_be_masked_or_explained(copy, people):
    disclosing.save(copy, Texts("Giấy tờ", "Hỏi", f"Trả lời {NAME}"), by=people.officer)

    with pytest.raises(Refused) as refused:
        disclosing.submit(copy, by=people.officer, at=later(3))

    assert [problem.field for problem in refused.value.problems] == ["answer"]
    assert copy.status == "draft"


def test_an_explained_finding_may_stand(copy, people):
    texts = Texts("Giấy tờ", "Hỏi", "Gọi tổng đài 0254 111 2222")
    explanations = [("0254 111 2222", "Số của tổng đài tỉnh")]
    disclosing.save(copy, texts, by=people.officer, explanations=explanations)

    disclosing.submit(copy, by=people.officer, at=later(3))

    (finding,) = disclosing.findings(copy)
    assert finding.explanation == "Số của tổng đài tỉnh"


def test_an_explanation_holds_for_its_own_passage_only(copy, people):
    texts = Texts("Giấy tờ", "Hỏi", "Gọi 0254 111 2222 hoặc 0254 111 3333")
    disclosing.save(copy, texts, by=people.officer, explanations=[("0254 111 2222", "Tổng đài")])

    with pytest.raises(Refused, match="0254 111 3333"):
        disclosing.submit(copy, by=people.officer, at=later(3))


def test_the_departments_own_numbers_are_no_finding(copy, people):
    disclosing.save(copy, Texts("Giấy tờ", "Hỏi", f"Gọi {people.seat.phone}"), by=people.officer)

    assert disclosing.findings(copy) == []


def test_who_agreed_to_be_named_may_be_named(people):
    case = answered(people, publish_name_at=later(0))
    copy = disclosing.prepare(case, by=people.officer, at=later(3))

    disclosing.save(copy, Texts("Giấy tờ", f"Ông {NAME} hỏi, số {PHONE}", "Đã bỏ."), by=people.officer)

    assert [finding.text for finding in disclosing.findings(copy)] == [PHONE]


def test_senders_of_merged_cases_are_looked_for_too(case, people):
    other = handled(people, sender_name="Trần Thị B")
    Submission.objects.filter(pk=other.pk).update(status="merged", merged_into=case)
    copy = disclosing.prepare(case, by=people.officer, at=later(3))

    disclosing.save(copy, Texts("Giấy tờ", "trần thị b cũng hỏi", "Đã bỏ."), by=people.officer)

    assert [finding.text for finding in disclosing.findings(copy)] == ["trần thị b"]


def test_a_published_copy_has_number_days_and_words_to_be_found_by(copy, case, people):
    published(copy, people)

    stored = PublicAnswer.objects.get()
    assert (stored.status, stored.number, stored.days_taken) == ("published", 1, 2)
    assert stored.published_at == later(4)
    assert "giay to trung nhau" in stored.folded
    assert verbs_of(case)[-2:] == ["submit_public", "publish"]


def test_numbers_go_on(copy, people):
    published(copy, people)
    second = disclosing.prepare(answered(people), by=people.officer, at=later(3))

    published(second, people)

    assert second.number == 2


def test_nobody_approves_the_own_copy(case, people):
    copy = disclosing.prepare(case, by=people.office, at=later(3))
    disclosing.submit(copy, by=people.office, at=later(3))

    with pytest.raises(NotAllowed, match="không phải người soạn"):
        disclosing.publish(copy, by=people.office, at=later(4))

    assert "publish" not in disclosing.verbs(copy, people.office)


def test_the_database_too_keeps_preparer_and_approver_apart(copy, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicAnswer.objects.filter(pk=copy.pk).update(approved_by=people.officer)


def test_a_focal_person_publishes_nothing(copy, people):
    submitted(copy, people)

    with pytest.raises(NotAllowed):
        disclosing.publish(copy, by=people.officer, at=later(4))


def test_a_copy_is_not_changed_while_it_waits_for_approval(copy, people):
    submitted(copy, people)

    with pytest.raises(NotAllowed):
        disclosing.save(copy, Texts("Khác", "Khác", "Khác"), by=people.officer)


def test_what_was_returned_says_what_to_mend_and_can_be_handed_in_again(copy, case, people):
    submitted(copy, people)

    disclosing.return_(copy, by=people.office, at=later(4), remark="Viết ngắn câu hỏi.")
    disclosing.submit(copy, by=people.officer, at=later(4))

    assert case.events.get(verb="return_public").remark == "Viết ngắn câu hỏi."
    assert copy.status == "submitted"


def test_returning_needs_a_remark(copy, people):
    submitted(copy, people)

    with pytest.raises(Refused, match="Ghi ý kiến"):
        disclosing.return_(copy, by=people.office, at=later(4), remark=" ")


def test_a_disputed_answer_is_not_published(copy, case, people):
    submitted(copy, people)
    workflow.dispute(Submission.objects.get(pk=case.pk), at=later(4), reason="Chưa đúng việc tôi hỏi.")

    with pytest.raises(Refused):
        disclosing.publish(PublicAnswer.objects.get(), by=people.office, at=later(5))


@pytest.mark.parametrize("resumed", [False, True])
def test_a_copy_that_waits_while_its_answer_is_disputed_can_be_given_back(copy, case, people, resumed):
    submitted(copy, people)
    case = Submission.objects.get(pk=case.pk)
    workflow.dispute(case, at=later(4), reason="Chưa đúng việc tôi hỏi.")
    if resumed:
        workflow.resume(case, by=people.head, at=later(5))
    before = case.status
    public = PublicAnswer.objects.get()

    with pytest.raises(Refused):
        disclosing.publish(PublicAnswer.objects.get(), by=people.office, at=later(5))
    disclosing.return_(public, by=people.office, at=later(5), remark="Chờ trả lời lại.")

    assert PublicAnswer.objects.get().status == "draft"
    assert Submission.objects.get().status == before


def test_of_two_who_take_the_same_step_one_is_told(copy, people):
    submitted(copy, people)
    seen_by_other = PublicAnswer.objects.get()
    disclosing.publish(copy, by=people.office, at=later(4))

    with pytest.raises(Conflict):
        disclosing.return_(seen_by_other, by=people.office, at=later(4), remark="Sửa lại.")


def test_a_withdrawn_copy_leaves_a_stub_with_the_reason(copy, client, people):
    published(copy, people)

    disclosing.unpublish(copy, by=people.office, at=later(5), reason="Nội dung không còn đúng.")

    response = client.get(copy.get_absolute_url())
    assert response.status_code == 410
    assert "Nội dung không còn đúng." in response.content.decode()
    assert "Giấy tờ trùng nhau" not in response.content.decode()


def test_a_copy_can_be_taken_away_after_its_case_went_elsewhere(copy, case, people):
    published(copy, people)
    case = Submission.objects.get(pk=case.pk)
    workflow.dispute(case, at=later(4), reason="Chưa rõ.")
    workflow.resume(case, by=people.head, at=later(5))
    workflow.forward(case, agency="Ủy ban nhân dân tỉnh", by=people.officer, at=later(5), reason="Thuộc thẩm quyền.")

    disclosing.unpublish(PublicAnswer.objects.get(), by=people.office, at=later(6), reason="Đang xem lại.")

    assert PublicAnswer.objects.get().status == "withdrawn"


def test_the_reason_of_the_stub_names_nobody(copy, people):
    published(copy, people)

    with pytest.raises(Refused, match="không nêu tên"):
        disclosing.unpublish(copy, by=people.office, at=later(5), reason=f"Theo yêu cầu của {NAME}.")

    assert PublicAnswer.objects.get().status == "published"


def test_a_withdrawn_copy_comes_back_at_its_address(copy, client, people):
    published(copy, people)
    disclosing.unpublish(copy, by=people.office, at=later(5), reason="Sửa lại.")

    submitted(copy, people)
    assert client.get(copy.get_absolute_url()).status_code == 410
    disclosing.publish(copy, by=people.office, at=later(6))

    assert copy.number == 1
    assert client.get(copy.get_absolute_url()).status_code == 200


def test_a_later_text_has_to_be_approved_anew(copy, people):
    published(copy, people)
    disclosing.unpublish(copy, by=people.office, at=later(5), reason="Sửa lại.")

    disclosing.save(copy, Texts("Giấy tờ", "Hỏi", "Đáp"), by=people.officer)

    assert PublicAnswer.objects.get().approved_by is None


def test_the_differences_show_what_was_masked(copy):
    changes = {change.label: change.passages for change in disclosing.differences(copy)}

    assert set(changes) == {"Nội dung phản ánh", "Nội dung trả lời"}
    old, new = changes["Nội dung trả lời"][0]
    assert any("Nguyễn" in text for text, differs in old if differs)
    assert any("[tên]" in text for text, differs in new if differs)


def test_no_event_of_publishing_says_who_sent_it(copy, case, people):
    published(copy, people)
    disclosing.unpublish(copy, by=people.office, at=later(5), reason="Sửa lại.")

    said = " ".join(f"{event.remark} {event.data}" for event in Event.objects.all())
    assert NAME not in said
    assert PHONE not in said


def test_the_office_publishes_what_a_unit_prepared(copy, people):
    other = UserFactory(role=roles.OFFICE, unit=people.office.unit)
    submitted(copy, people)

    disclosing.publish(copy, by=other, at=later(4))

    assert PublicAnswer.objects.get().approved_by == other
