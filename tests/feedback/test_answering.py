from datetime import date

import pytest

from feedback import answering, merging, moves, workflow
from feedback.models import Answer, Assessment, Submission
from portal.steps import Conflict, NotAllowed, Refused
from tests.feedback.cast import Cast, cast, handled, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def drafted(case: Submission, people: Cast, **values: object) -> Answer:
    said = {"text": "Không phải nộp hai lần.", "outcome": "explained", "by": people.officer, "at": later(2)}
    return answering.draft(case, **{**said, **values})


def submitted(case: Submission, people: Cast, **values: object) -> Answer:
    answer = drafted(case, people, **values)
    answering.submit(answer, by=people.officer, at=later(3))
    return answer


def test_an_answer_is_written_approved_by_another_and_sent(people):
    case = handled(people)
    answer = submitted(case, people)

    answering.approve(answer, by=people.head, at=later(6))
    answering.send(answer, by=people.officer, at=later(7))

    case.refresh_from_db()
    assert (case.status, case.answered_at, case.closed_at) == ("answered", later(7), later(7))
    assert (answer.status, answer.approved_by, answer.sent_at) == ("sent", people.head, later(7))
    told = case.events.last()
    assert (told.verb, told.data["days"], told.data["days_late"]) == ("answer", 5, 0)


def test_the_office_approves_and_sends_at_once(people):
    answer = submitted(handled(people), people)

    answering.approve_and_send(answer, by=people.office, at=later(4))

    assert Submission.objects.get().status == "answered"


def test_nobody_approves_the_own_answer(people):
    answer = drafted(handled(people), people, by=people.head)
    answering.submit(answer, by=people.officer, at=later(3))

    with pytest.raises(NotAllowed):
        answering.approve(answer, by=people.head, at=later(4))


def test_nobody_approves_what_they_handed_in(people):
    answer = drafted(handled(people), people)
    answering.submit(answer, by=people.head, at=later(3))

    assert not answering.may_approve(answer, people.head)
    with pytest.raises(NotAllowed):
        answering.approve(answer, by=people.head, at=later(4))


def test_a_focal_person_approves_nothing(people):
    answer = drafted(handled(people), people, by=people.head)
    answering.submit(answer, by=people.head, at=later(3))

    with pytest.raises(NotAllowed):
        answering.approve(answer, by=people.officer, at=later(4))


def test_what_is_not_approved_is_not_sent(people):
    answer = submitted(handled(people), people)

    with pytest.raises(Conflict):
        answering.send(answer, by=people.officer, at=later(4))


def test_an_answer_comes_back_with_what_to_mend(people):
    case = handled(people)
    answer = submitted(case, people)
    with pytest.raises(Refused):
        answering.return_(answer, by=people.head, at=later(4), remark="")

    answering.return_(answer, by=people.head, at=later(4), remark="Nêu căn cứ.")

    assert answer.status == "draft"
    event = case.events.last()
    assert (event.remark, event.public) == ("Nêu căn cứ.", False)


def test_what_was_approved_can_still_come_back(people):
    answer = submitted(handled(people), people)
    answering.approve(answer, by=people.head, at=later(4))

    answering.return_(answer, by=people.head, at=later(4), remark="Nêu căn cứ.")

    assert (answer.status, answer.approved_by) == ("draft", None)


def test_what_waits_for_approval_is_not_rewritten(people):
    case = handled(people)
    submitted(case, people)

    with pytest.raises(Refused):
        drafted(case, people, text="Khác.")


def test_there_is_one_answer_in_the_making(people):
    case = handled(people)
    drafted(case, people)

    drafted(case, people, text="Viết lại.", document_number="12/SKHCN-VP", document_on=date(2026, 11, 5))

    answer = Answer.objects.get()
    assert (answer.text, answer.document_number) == ("Viết lại.", "12/SKHCN-VP")


def test_a_stranger_writes_no_answer(people):
    with pytest.raises(NotAllowed):
        drafted(handled(people), people, by=people.stranger)


@pytest.mark.parametrize("outcome", ["amended", "proposed", "new_rule"])
def test_what_changes_a_rule_rests_on_its_assessment(outcome, people):
    case = handled(people)
    answer = drafted(case, people, outcome=outcome)
    with pytest.raises(Refused):
        answering.submit(answer, by=people.officer, at=later(3))

    ground = Assessment(sufficient=True, **dict.fromkeys(workflow.CRITERIA, "met"))
    workflow.assess(case, ground, by=people.officer, at=later(3))
    answering.submit(answer, by=people.officer, at=later(3))

    assert answer.status == "submitted"


def test_conduct_changes_no_rule(people):
    answer = drafted(handled(people, subject="conduct"), people, outcome="amended")

    with pytest.raises(Refused) as refused:
        answering.submit(answer, by=people.officer, at=later(3))

    assert {problem.field for problem in refused.value.problems} == {"outcome"}


def test_of_two_heads_one_approves(people):
    mine = submitted(handled(people), people)
    theirs = Answer.objects.get(pk=mine.pk)
    answering.approve(mine, by=people.head, at=later(4))

    with pytest.raises(Conflict):
        answering.return_(theirs, by=people.office, at=later(4), remark="Nêu căn cứ.")


def test_a_disputed_answer_is_followed_by_another(people):
    case = handled(people)
    answering.approve_and_send(submitted(case, people), by=people.head, at=later(4))
    case.refresh_from_db()
    workflow.dispute(case, at=later(6), reason="Chưa rõ.")

    second = submitted(case, people, text="Trả lời rõ hơn.", at=later(6))
    answering.approve_and_send(second, by=people.head, at=later(7))

    case.refresh_from_db()
    assert case.status == "answered"
    assert merging.answer_of(case).text == "Trả lời rõ hơn."


def test_a_case_that_was_withdrawn_meanwhile_is_not_answered(people):
    case = handled(people)
    answer = submitted(case, people)
    case.refresh_from_db()
    workflow.withdraw(case, at=later(4))

    with pytest.raises(Conflict):
        answering.approve_and_send(answer, by=people.head, at=later(4))
    answer.refresh_from_db()
    assert (answer.status, moves.handles(people.officer, case)) == ("submitted", True)
