"""Whatever anybody tries in whatever order: the table is followed and nothing gets lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from feedback import answering, merging, workflow
from feedback.models import Answer, Assessment, Event, Submission
from feedback.moves import MOVES, PUBLIC_REMARKS, Move, Verb
from feedback.signals import moved
from portal import roles
from portal.models import User
from portal.steps import Conflict, NotAllowed, Refused
from tests.factories import UserFactory
from tests.feedback.cast import CAME, Cast, cast, sent

GROUND = Assessment(sufficient=True, **dict.fromkeys(workflow.CRITERIA, "met"))
ENDS = frozenset({"rejected", "redirected", "forwarded", "withdrawn", "spam", "merged"})
Step = Callable[[Submission, User | None, datetime], object]


def _kind(case: Submission, move: Move) -> str:
    if move.to == case.status:
        return "beside"
    return "end" if move.to in ENDS else "on"


def _answer(case: Submission) -> Answer:
    answer = answering.in_the_making(case)
    if answer is None:
        raise Refused([])
    return answer


class Cases(RuleBasedStateMachine):
    """Two cases of two senders, five people, and every step of the workflow in any order."""

    # Made once, outside the examples.
    people: Cast
    chief: User

    def __init__(self) -> None:
        super().__init__()
        self.at = CAME
        self.cases: list[Submission] = []
        self.heard: list[Event] = []
        self.told = lambda event, **kwargs: self.heard.append(event)
        moved.connect(self.told)

    def teardown(self) -> None:
        moved.disconnect(self.told)

    def steps(self) -> dict[str, Step]:
        seats = [self.people.seat, self.people.other_seat]
        return {
            Verb.CLEAR: lambda case, by, at: workflow.clear(case, by=by, at=at),
            Verb.DISCARD: lambda case, by, at: workflow.discard(case, by=by, at=at, remark="Quảng cáo"),
            Verb.ASSIGN: lambda case, by, at: workflow.assign(case, seats[at.day % 2], by=by, at=at),
            Verb.TRANSFER: lambda case, by, at: workflow.transfer(
                case, seats[at.day % 2], by=by, at=at, remark="Nội bộ"
            ),
            Verb.DECLINE: lambda case, by, at: workflow.decline(case, by=by, at=at, remark="Nội bộ"),
            Verb.CLASSIFY: lambda case, by, at: workflow.classify(
                case, content_type="unfit", subject="regulation", time_class="complex", by=by, at=at
            ),
            Verb.REJECT: lambda case, by, at: workflow.reject(case, by=by, at=at, reason="Lý do"),
            Verb.REDIRECT: lambda case, by, at: workflow.redirect(case, by=by, at=at, reason="Lý do"),
            Verb.FORWARD: lambda case, by, at: workflow.forward(case, agency="Sở khác", by=by, at=at, reason="Lý do"),
            Verb.ASK: lambda case, by, at: workflow.ask(case, text="Hỏi", by=by, at=at),
            Verb.REPLY: lambda case, by, at: workflow.reply(case, text="Đáp", by=by, at=at),
            Verb.COLLECT: lambda case, by, at: workflow.collect(case, by=by, at=at, reason="Lý do"),
            Verb.RESUME: lambda case, by, at: workflow.resume(case, by=by, at=at, remark="Nội bộ"),
            Verb.EXTEND: lambda case, by, at: workflow.extend(case, days=1, by=by, at=at, reason="Lý do"),
            Verb.ASSESS: lambda case, by, at: workflow.assess(case, GROUND, by=by, at=at),
            Verb.NOTE: lambda case, by, at: workflow.note(case, text="Ghi chú", by=by, at=at),
            Verb.WITHDRAW: lambda case, by, at: workflow.withdraw(case, by=by, at=at, reason="Thôi"),
            Verb.DISPUTE: lambda case, by, at: workflow.dispute(case, by=by, at=at, reason="Chưa rõ"),
            Verb.RATE: lambda case, by, at: workflow.rate(case, score=3, at=at),
            Verb.MERGE: lambda case, by, at: merging.merge(case, self.cases[0], by=by, at=at),
            Verb.SUBMIT_ANSWER: lambda case, by, at: answering.submit(_answer(case), by=by, at=at),
            Verb.RETURN_ANSWER: lambda case, by, at: answering.return_(_answer(case), by=by, at=at, remark="Nội bộ"),
            Verb.APPROVE_ANSWER: lambda case, by, at: answering.approve(_answer(case), by=by, at=at),
            Verb.ANSWER: lambda case, by, at: answering.send(_answer(case), by=by, at=at),
        }

    @rule(suspicion=st.sampled_from(["", "", "Gửi quá nhanh."]))
    @precondition(lambda self: len(self.cases) < 2)
    def receive(self, suspicion: str) -> None:
        self.cases.append(workflow.receive(sent(field=self.people.field), at=self.at, suspicion=suspicion))

    @precondition(lambda self: self.cases)
    @rule(
        days=st.integers(0, 4),
        number=st.integers(0, 1),
        wanted=st.sampled_from(["on", "on", "on", "beside", "end", "any"]),
        data=st.data(),
    )
    def step(self, days: int, number: int, wanted: str, data: st.DataObject) -> None:
        self.at += timedelta(days=days, minutes=1)
        case = Submission.objects.get(pk=self.cases[number % len(self.cases)].pk)
        steps = self.steps()
        people = [self.people.office, self.people.head, self.people.officer, self.people.stranger, None]
        # Left to chance alone, hardly a case would be answered.
        moves = {verb: move for verb, move in MOVES[case.status].items() if verb in steps}
        verbs = [verb for verb, move in moves.items() if wanted == _kind(case, move)]
        if wanted == "any" or not verbs:
            verb, may = data.draw(st.sampled_from(sorted(steps))), people
        else:
            verb = data.draw(st.sampled_from(sorted(verbs)))
            may = [user for user in people if moves[verb].may(user, case)]
        by = data.draw(st.sampled_from(may))
        self.attempt(case, verb, by, lambda: steps[verb](case, by, self.at))

    @precondition(lambda self: self.cases)
    @rule(number=st.integers(0, 1), reaches=st.integers(0, 2))
    def write(self, number: int, reaches: int) -> None:
        """Write an answer where there can be one: by chance alone hardly a case would get that far."""
        case = Submission.objects.get(pk=self.cases[number % len(self.cases)].pk)
        if case.status not in {"handling", "disputed"} or not case.subject or answering.in_the_making(case):
            return
        answer = answering.draft(case, text="Trả lời", by=self.people.office, at=self.at)
        answering.submit(answer, by=self.people.office, at=self.at)
        if reaches > 0:
            answering.approve(answer, by=self.chief, at=self.at)
        if reaches > 1:
            answering.send(answer, by=self.chief, at=self.at)

    def attempt(self, case: Submission, verb: str, by: User | None, call: Callable[[], object]) -> None:
        before, heard = (case.status, case.version), len(self.heard)
        move = MOVES[case.status].get(verb)
        try:
            call()
        except (Conflict, NotAllowed, Refused):
            stored = Submission.objects.get(pk=case.pk)
            assert (stored.status, stored.version) == before
            assert len(self.heard) == heard
            return
        assert move is not None
        assert move.may(by, case) or verb in {Verb.TRANSFER, Verb.DECLINE, Verb.ASSIGN, Verb.RATE}
        stored = Submission.objects.get(pk=case.pk)
        # Cleared, it goes on into the register at once.
        assert stored.status == ("registered" if verb == Verb.CLEAR else move.to)
        assert self.heard[heard].verb == verb

    @invariant()
    def nothing_of_the_history_is_lost(self) -> None:
        stored = list(Event.objects.filter(submission__in=self.cases).order_by("pk"))
        assert [event.pk for event in stored] == [event.pk for event in self.heard]
        # What is not for the sender is not marked as the sender's.
        assert all(event.verb in PUBLIC_REMARKS and event.remark == "Lý do" for event in stored if event.public)

    @invariant()
    def each_case_stands_where_the_history_says_and_has_its_clocks(self) -> None:
        stored = Submission.objects.in_bulk([case.pk for case in self.cases])
        for first in self.cases:
            case = stored[first.pk]
            assert (case.code, case.received_at) == (first.code, first.received_at)
            assert [event.status for event in self.heard if event.submission_id == case.pk][-1] == case.status
            if case.is_open:
                rests = case.pauses.filter(last_on=None).exists()
                assert rests == (case.status == "asked") == (case.answer_due_on is None)
                assert case.forward_due_on is not None

    @invariant()
    def the_register_has_no_gap(self) -> None:
        numbers = Submission.objects.in_register().order_by("register_number")
        found = list(numbers.values_list("register_number", flat=True))
        assert found == list(range(1, len(found) + 1))


@pytest.mark.django_db
def test_no_path_leaves_the_table_or_loses_anything():
    people = cast()

    class Machine(Cases):
        pass

    Machine.people, Machine.chief = people, UserFactory(role=roles.OFFICE)
    # Finding the shortest way to a failure takes minutes; the example that failed says enough.
    few = settings(max_examples=7, stateful_step_count=40, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(Machine, settings=few)
    taken = set(Event.objects.values_list("verb", flat=True))
    assert Verb.ANSWER in taken, "The examples lead nowhere."
