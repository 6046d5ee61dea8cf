import pytest

from feedback import answering, merging, workflow
from feedback.models import Submission
from portal.steps import NotAllowed, Refused
from tests.feedback.cast import CAME, Cast, cast, handled, later, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def pair(people: Cast) -> tuple[Submission, Submission]:
    """Return an earlier case and a later one that is merged into it."""
    main = handled(people)
    duplicate = workflow.receive(sent(field=people.field), at=later(1))
    merging.merge(duplicate, main, by=people.office, at=later(1))
    return main, duplicate


def answer(main: Submission, people: Cast) -> None:
    written = answering.draft(main, text="Không phải nộp hai lần.", by=people.officer, at=later(2))
    answering.submit(written, by=people.officer, at=later(2))
    answering.approve_and_send(written, by=people.head, at=later(3))


def test_an_answer_is_told_to_all_whose_cases_were_merged(people):
    main, duplicate = pair(people)

    answer(main, people)

    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.answered_at, duplicate.closed_at) == ("merged", later(3), later(3))
    assert duplicate.events.last().verb == "answer"
    assert merging.answer_of(duplicate).text == "Không phải nộp hai lần."


def test_before_the_answer_a_duplicate_has_none(people):
    _, duplicate = pair(people)

    assert merging.answer_of(duplicate) is None


def test_a_refusal_is_told_to_all_too(people):
    main, duplicate = pair(people)

    workflow.forward(main, agency="Sở Y tế", by=people.officer, at=later(3), reason="Thuộc Sở Y tế.")

    duplicate.refresh_from_db()
    event = duplicate.events.last()
    assert (event.verb, event.public, event.remark) == ("forward", True, "Thuộc Sở Y tế.")
    assert (duplicate.status, duplicate.forwarded_to) == ("merged", "Sở Y tế")


def test_what_others_sent_is_taken_up_again_when_the_first_is_withdrawn(people):
    main, duplicate = pair(people)

    workflow.withdraw(main, at=later(2))

    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.merged_into) == ("registered", None)
    assert duplicate.answer_due_on is not None


def test_a_merge_made_by_mistake_is_undone(people):
    _, duplicate = pair(people)
    due = duplicate.answer_due_on

    workflow.resume(duplicate, by=people.office, at=later(2))

    assert (duplicate.status, duplicate.merged_into, duplicate.answer_due_on) == ("registered", None, due)


def test_what_was_answered_stays_merged(people):
    main, duplicate = pair(people)
    answer(main, people)
    duplicate.refresh_from_db()

    with pytest.raises(Refused):
        workflow.resume(duplicate, by=people.office, at=later(4))


def test_the_sender_of_a_duplicate_rates_and_disputes_on_their_own(people):
    main, duplicate = pair(people)
    answer(main, people)
    duplicate.refresh_from_db()

    workflow.rate(duplicate, score=2, at=later(4))
    workflow.dispute(duplicate, at=later(4), reason="Trường hợp này khác.")

    assert (duplicate.status, Submission.objects.get(pk=main.pk).status) == ("disputed", "answered")


def test_nobody_rates_before_the_answer(people):
    _, duplicate = pair(people)

    with pytest.raises(Refused):
        workflow.rate(duplicate, score=5, at=later(2))


def test_duplicates_of_a_duplicate_move_along(people):
    first = handled(people)
    main, duplicate = pair(people)
    Submission.objects.filter(pk=first.pk).update(received_at=CAME)

    merging.merge(main, first, by=people.office, at=later(2))

    duplicate.refresh_from_db()
    assert duplicate.merged_into == first
    answer(first, people)
    duplicate.refresh_from_db()
    assert duplicate.answered_at == later(3)


def test_the_later_case_goes_into_the_earlier_one(people):
    earlier = handled(people)
    after = workflow.receive(sent(field=people.field), at=later(1))

    with pytest.raises(Refused):
        merging.merge(earlier, after, by=people.office, at=later(1))


def test_nothing_is_merged_into_itself_or_into_what_is_closed(people):
    case, other = handled(people), handled(people)
    workflow.withdraw(other, at=later(1))

    for into in (case, other):
        with pytest.raises(Refused):
            merging.merge(case, into, by=people.office, at=later(1))


def test_merging_is_the_offices(people):
    case, other = handled(people), handled(people)

    with pytest.raises(NotAllowed):
        merging.merge(case, other, by=people.officer, at=later(1))


def test_a_question_that_is_open_does_not_stop_the_clock_of_a_duplicate(people):
    main = handled(people)
    duplicate = handled(people)
    workflow.ask(duplicate, text="Nộp ở đâu?", by=people.officer, at=later(1))

    merging.merge(duplicate, main, by=people.office, at=later(2))
    workflow.resume(duplicate, by=people.office, at=later(3))

    assert duplicate.answer_due_on is not None
