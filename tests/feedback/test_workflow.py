from datetime import date

import pytest
from django.db import connection, transaction

from feedback import moves, workflow
from feedback.models import (
    Assessment,
    Event,
    Message,
    Pause,
    RegisterCounter,
    Submission,
)
from feedback.moves import MOVES, START, Verb
from feedback.signals import moved
from portal import roles
from portal.models import CalendarDay
from portal.steps import Conflict, NotAllowed, Refused
from tests.factories import FocalPersonFactory, SubmissionFactory, UserFactory
from tests.feedback.cast import CAME, Cast, cast, handled, later, received, sent

pytestmark = pytest.mark.django_db
CRITERIA = dict.fromkeys(workflow.CRITERIA, "met")


@pytest.fixture
def people() -> Cast:
    return cast()


def story(case: Submission) -> list[str]:
    return list(case.events.values_list("verb", flat=True))


def fields_of(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


# It comes in.


def test_what_comes_in_gets_code_number_focal_person_and_both_clocks(people):
    case = received(field=people.field)

    case.refresh_from_db()
    assert len(case.code) == 8
    assert case.register_entry == "1/2026"
    assert (case.status, case.unit, case.focal_person) == ("registered", people.unit, people.seat)
    assert (case.forward_due_on, case.answer_due_on) == (date(2026, 11, 10), date(2026, 11, 17))
    assert story(case) == ["receive", "register", "assign"]


def test_conduct_is_answered_within_five_working_days():
    case = received(about="conduct")

    assert (case.time_class, case.answer_due_on) == ("conduct", date(2026, 11, 10))


def test_what_fits_nobody_goes_to_who_takes_the_rest(people):
    assert received().focal_person == people.office_seat


def test_each_step_is_told_within_its_transaction():
    heard = []

    def listen(event: Event, **kwargs: object) -> None:
        heard.append((event.verb, connection.in_atomic_block))

    moved.connect(listen)
    try:
        received()
    finally:
        moved.disconnect(listen)

    assert heard == [("receive", True), ("register", True), ("assign", True)]


def test_the_form_asks_for_name_address_and_content():
    with pytest.raises(Refused) as refused:
        workflow.receive(sent(sender_name=" ", address="", content=""), at=CAME)

    assert fields_of(refused) == {"sender_name", "address", "content"}


def test_an_officer_enters_a_letter_of_an_earlier_day(people):
    case = sent(sender_name="", channel="letter", received_at=later(-2))

    workflow.receive(case, at=CAME, by=people.officer)

    assert (case.entered_by, case.received_on) == (people.officer, date(2026, 11, 1))
    assert case.answer_due_on == date(2026, 11, 13)


def test_nobody_enters_a_letter_of_tomorrow(people):
    with pytest.raises(Refused) as refused:
        workflow.receive(sent(channel="letter", received_at=later(1)), at=CAME, by=people.officer)

    assert fields_of(refused) == {"received_at"}


def test_who_handles_no_feedback_enters_none():
    with pytest.raises(NotAllowed):
        workflow.receive(sent(channel="letter"), at=CAME, by=UserFactory(role=roles.EDITOR))


def test_what_looks_like_spam_waits_without_a_number():
    case = workflow.receive(sent(), at=CAME, suspicion="Gửi quá nhanh.")

    assert (case.status, case.register_entry, story(case)) == ("suspected", "", ["receive", "suspect"])


def test_what_was_suspected_wrongly_keeps_its_first_day(people):
    case = workflow.receive(sent(), at=CAME, suspicion="Gửi quá nhanh.")

    workflow.clear(case, by=people.office, at=later(3))

    assert (case.status, case.register_entry) == ("registered", "1/2026")
    assert case.answer_due_on == date(2026, 11, 17)


def test_spam_can_still_be_cleared(people):
    case = workflow.receive(sent(), at=CAME, suspicion="Gửi quá nhanh.")
    workflow.discard(case, by=people.office, at=later(1), remark="")
    assert (case.status, case.closed_at) == ("spam", later(1))

    workflow.clear(case, by=people.office, at=later(2))

    assert (case.status, case.closed_at) == ("registered", None)


class Killed(Exception):
    pass


def test_a_process_killed_at_any_statement_leaves_all_or_nothing(people):
    statement = 0
    while True:
        statement += 1
        left = statement

        def kill(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with transaction.atomic(), connection.execute_wrapper(kill):
                workflow.receive(sent(field=people.field), at=CAME)
        except Killed:
            assert not Submission.objects.exists()
            assert not Event.objects.exists()
            assert not RegisterCounter.objects.exists()
        else:
            break

    assert statement > 12
    assert Submission.objects.get().register_number == 1
    assert Event.objects.count() == 3


# The table.


def steps(case: Submission, by: object) -> dict[str, object]:
    """Return each function of the workflow, ready to be called."""
    seat = FocalPersonFactory()
    classes = {"content_type": "unfit", "subject": "regulation", "time_class": "ordinary"}
    common = {"by": by, "at": later(1)}
    return {
        Verb.CLEAR: lambda: workflow.clear(case, **common),
        Verb.DISCARD: lambda: workflow.discard(case, **common, remark=""),
        Verb.ASSIGN: lambda: workflow.assign(case, seat, **common),
        Verb.TRANSFER: lambda: workflow.transfer(case, seat, **common, remark="x"),
        Verb.DECLINE: lambda: workflow.decline(case, **common, remark="x"),
        Verb.CLASSIFY: lambda: workflow.classify(case, **classes, **common),
        Verb.REJECT: lambda: workflow.reject(case, **common, reason="x"),
        Verb.REDIRECT: lambda: workflow.redirect(case, **common, reason="x"),
        Verb.FORWARD: lambda: workflow.forward(case, agency="x", **common, reason="x"),
        Verb.ASK: lambda: workflow.ask(case, text="x", **common),
        Verb.REPLY: lambda: workflow.reply(case, text="x", **common),
        Verb.COLLECT: lambda: workflow.collect(case, **common, reason="x"),
        Verb.RESUME: lambda: workflow.resume(case, **common),
        Verb.EXTEND: lambda: workflow.extend(case, days=1, **common, reason="x"),
        Verb.ASSESS: lambda: workflow.assess(case, Assessment(sufficient=False), **common),
        Verb.NOTE: lambda: workflow.note(case, text="x", **common),
        Verb.WITHDRAW: lambda: workflow.withdraw(case, **common, reason="x"),
        Verb.DISPUTE: lambda: workflow.dispute(case, **common, reason="x"),
        Verb.RATE: lambda: workflow.rate(case, score=3, at=later(1)),
    }


@pytest.mark.parametrize("status", [status for status in MOVES if status != START])
def test_no_step_leads_from_a_state_unless_the_table_says_so(status, people):
    case = SubmissionFactory(status=status, unit=people.unit, merged_into=SubmissionFactory())
    calls = steps(case, people.office)

    for verb, call in calls.items():
        if verb in MOVES[status]:
            continue
        with pytest.raises(Conflict):
            call()
    case.refresh_from_db()
    assert (case.status, case.version, case.events.count()) == (status, 0, 0)


@pytest.mark.parametrize("status", [status for status in MOVES if status != START])
def test_a_stranger_takes_no_step(status, people):
    case = SubmissionFactory(status=status, unit=people.unit, merged_into=SubmissionFactory())

    assert workflow.verbs(case, people.stranger) == []


def test_the_sender_may_only_do_what_is_the_senders():
    case = SubmissionFactory()
    may = {verb for status in MOVES if status != START for verb in _verbs_of_nobody(case, status)}

    of_portal = {Verb.SUSPECT, Verb.REGISTER, Verb.ASSIGN, Verb.RECOUNT, Verb.REMIND, Verb.ESCALATE}
    of_portal |= {Verb.EXPORT, Verb.CORRECT, Verb.RESTRICT, Verb.ERASE}
    assert may - of_portal == {Verb.REPLY, Verb.WITHDRAW, Verb.DISPUTE, Verb.RATE}


def _verbs_of_nobody(case: Submission, status: str) -> list[Event.Verb]:
    case.status = status
    return moves.verbs(case, None)


def test_whoever_handles_a_case_sees_it_and_the_other_way_round(people):
    deputy = UserFactory(role=roles.FOCAL_PERSON, unit=people.stranger.unit)
    people.seat.deputy = FocalPersonFactory(user=deputy)
    people.seat.save()
    cases = [received(field=people.field), received(), workflow.receive(sent(), at=CAME, suspicion="x")]
    everybody = [people.office, people.officer, people.head, people.stranger, deputy, UserFactory(role=roles.EDITOR)]

    for user in everybody:
        visible = set(Submission.objects.visible_to(user))
        assert visible == {case for case in cases if moves.handles(user, case)}
    assert moves.handles(deputy, cases[0])


def test_of_two_people_who_saw_the_same_state_one_takes_the_step(people):
    mine = received(field=people.field)
    theirs = Submission.objects.get(pk=mine.pk)
    workflow.assign(mine, people.other_seat, by=people.office, at=later(1))

    with pytest.raises(Conflict):
        workflow.assign(theirs, people.office_seat, by=people.office, at=later(1))

    theirs.refresh_from_db()
    assert theirs.focal_person == people.other_seat


def test_the_row_is_moved_only_from_the_state_that_was_read(people):
    mine = received(field=people.field)
    theirs = Submission.objects.get(pk=mine.pk)
    workflow.reject(mine, by=people.officer, at=later(1), reason="Thiếu nội dung.")

    with pytest.raises(Conflict):
        moves.take(theirs, Verb.CLASSIFY, by=people.officer, at=later(1))


# Who holds it.


def test_a_transfer_keeps_code_first_day_and_clocks(people):
    case = handled(people)
    before = (case.code, case.register_entry, case.received_at, case.forward_due_on, case.answer_due_on)

    workflow.transfer(case, people.other_seat, by=people.officer, at=later(2), remark="Thuộc đơn vị bạn.")

    case.refresh_from_db()
    assert (case.code, case.register_entry, case.received_at, case.forward_due_on, case.answer_due_on) == before
    assert (case.unit, case.status) == (people.other_seat.unit, "handling")
    event = case.events.last()
    assert (event.by, event.remark, event.public) == (people.officer, "Thuộc đơn vị bạn.", False)
    assert event.data["unit_before"] == str(people.unit)


def test_a_transfer_says_why(people):
    with pytest.raises(Refused) as refused:
        workflow.transfer(handled(people), people.other_seat, by=people.officer, at=later(1), remark=" ")

    assert fields_of(refused) == {"remark"}


def test_nobody_gets_a_case_after_the_seat_was_given_up(people):
    former = FocalPersonFactory(last_on=date(2026, 10, 1))

    with pytest.raises(Refused):
        workflow.assign(received(), former, by=people.office, at=later(1))


def test_a_unit_gives_back_what_is_not_its_own(people):
    case = received(field=people.field)

    workflow.decline(case, by=people.officer, at=later(1), remark="Không thuộc lĩnh vực của phòng.")

    assert case.focal_person == people.office_seat
    assert not moves.handles(people.officer, case)
    with pytest.raises(Refused):
        workflow.decline(case, by=people.office, at=later(1), remark="Trả lại.")


# What it is.


def test_the_class_decides_the_time(people):
    case = received(field=people.field)
    complex_rule = {"content_type": "inconsistent", "subject": "regulation", "time_class": "complex"}

    workflow.classify(case, **complex_rule, by=people.officer, at=later(1))

    assert (case.status, case.answer_days, case.answer_due_on) == ("handling", 20, date(2026, 12, 2))


@pytest.mark.parametrize(
    ("content", "subject", "field"),
    [("conduct", "regulation", "subject"), ("illegal", "conduct", "subject"), ("", "conduct", "content_type")],
)
def test_the_subject_follows_from_the_content(content, subject, field, people):
    classes = {"content_type": content, "subject": subject, "time_class": "ordinary"}

    with pytest.raises(Refused) as refused:
        workflow.classify(received(field=people.field), **classes, by=people.officer, at=later(1))

    assert fields_of(refused) == {field}


@pytest.mark.parametrize("refusal", [workflow.reject, workflow.redirect])
def test_a_refusal_tells_the_sender_why(refusal, people):
    case = received(field=people.field)
    with pytest.raises(Refused):
        refusal(case, by=people.officer, at=later(1), reason="")

    refusal(case, by=people.officer, at=later(1), reason="Không rõ nội dung.")

    event = case.events.last()
    assert (event.remark, event.public, case.closed_at) == ("Không rõ nội dung.", True, later(1))


def test_the_history_never_names_the_sender(people):
    case = received(field=people.field, email="nguoi@example.org")

    for words in ("Bà người gửi thử chưa ký.", "Đã gọi 0903 000 000.", "Đã viết cho Nguoi@Example.org"):
        with pytest.raises(Refused):
            workflow.reject(case, by=people.officer, at=later(1), reason=words)


def test_only_what_was_classified_is_forwarded(people):
    case = handled(people)
    Submission.objects.filter(pk=case.pk).update(subject="")

    with pytest.raises(Refused) as refused:
        workflow.forward(case, agency="Sở Y tế", by=people.officer, at=later(1), reason="Thuộc Sở Y tế.")

    assert fields_of(refused) == {"content_type"}


def test_forwarding_late_is_possible_and_told(people):
    case = handled(people)

    workflow.forward(case, agency="Sở Y tế", by=people.officer, at=later(9), reason="Thuộc Sở Y tế.")

    assert (case.status, case.forwarded_to) == ("forwarded", "Sở Y tế")
    assert case.events.last().data["days_late"] == 2


# Asking.


def test_the_clock_rests_from_the_question_to_the_reply(people):
    case = handled(people)
    workflow.ask(case, text="Nộp ở đâu?", by=people.officer, at=later(2))
    assert (case.status, case.answer_due_on) == ("asked", None)

    workflow.reply(case, text="Ở Bộ phận Một cửa.", at=later(7))

    assert (case.status, case.answer_due_on) == ("handling", date(2026, 11, 20))
    assert [message.from_sender for message in case.messages.all()] == [False, True]
    assert not case.pauses.filter(last_on=None).exists()


def test_what_the_sender_adds_without_being_asked_moves_no_clock(people):
    case = handled(people)
    before = (case.status, case.answer_due_on)
    workflow.reply(case, text="Gọi điện bổ sung.", by=people.officer, at=later(1))
    for number in range(workflow.MOST_ADDITIONS_A_DAY):
        workflow.reply(case, text=f"Ý {number}", at=later(2))

    case.refresh_from_db()
    assert (case.status, case.answer_due_on) == before
    assert not Pause.objects.exists()
    with pytest.raises(Refused):
        workflow.reply(case, text="Lần nữa", at=later(2))
    # Another day, and an officer at any time.
    workflow.reply(case, text="Lần nữa", by=people.officer, at=later(2))
    workflow.reply(case, text="Lần nữa", at=later(3))
    assert Message.objects.count() == workflow.MOST_ADDITIONS_A_DAY + 3


def test_the_officer_goes_on_where_no_reply_comes(people):
    case = handled(people)
    workflow.ask(case, text="Nộp ở đâu?", by=people.officer, at=later(2))

    workflow.resume(case, by=people.officer, at=later(7))

    assert (case.status, case.answer_due_on) == ("handling", date(2026, 11, 20))


def test_messages_stay_out_of_the_history(people):
    case = handled(people)
    workflow.ask(case, text="Câu hỏi riêng", by=people.officer, at=later(1))
    workflow.reply(case, text="Trả lời riêng", at=later(1))
    workflow.note(case, text="Ghi chú riêng", by=people.officer, at=later(1))

    written = " ".join(f"{event.remark}{event.data}" for event in case.events.all())
    assert "riêng" not in written
    assert case.messages.get(audience=Message.Audience.STAFF).text == "Ghi chú riêng"


# Working on it.


def test_an_extension_is_the_heads_and_tells_why(people):
    case = handled(people)
    with pytest.raises(NotAllowed):
        workflow.extend(case, days=3, by=people.officer, at=later(1), reason="Chờ ý kiến.")

    workflow.extend(case, days=3, by=people.head, at=later(1), reason="Chờ ý kiến.")

    event = case.events.last()
    assert case.answer_due_on == date(2026, 11, 20)
    assert (event.by, event.remark, event.public) == (people.head, "Chờ ý kiến.", True)
    assert (event.data["due_before"], event.data["due"]) == ("2026-11-17", "2026-11-20")


def test_an_extension_comes_before_the_due_date_and_has_an_end(people):
    case = handled(people)
    with pytest.raises(Refused):
        workflow.extend(case, days=3, by=people.head, at=later(15), reason="Chờ ý kiến.")
    workflow.extend(case, days=8, by=people.head, at=later(14), reason="Chờ ý kiến.")

    with pytest.raises(Refused) as refused:
        workflow.extend(case, days=3, by=people.head, at=later(14), reason="Chờ ý kiến.")

    assert "từ 1 đến 2" in str(refused.value)


def test_an_extension_survives_another_class(people):
    case = handled(people)
    workflow.extend(case, days=2, by=people.head, at=later(1), reason="Chờ ý kiến.")
    again = {"content_type": "unfit", "subject": "regulation", "time_class": "complex"}

    workflow.classify(case, **again, by=people.officer, at=later(1))

    assert case.answer_due_on == date(2026, 12, 4)


def test_only_a_rule_is_collected_and_assessed(people):
    case = handled(people, subject="conduct")

    with pytest.raises(Refused):
        workflow.collect(case, by=people.officer, at=later(1), reason="Chưa đủ cơ sở.")
    with pytest.raises(Refused):
        workflow.assess(case, Assessment(sufficient=False), by=people.officer, at=later(1))


def test_ground_enough_needs_all_six_criteria(people):
    case = handled(people)

    with pytest.raises(Refused) as refused:
        workflow.assess(case, Assessment(sufficient=True, necessary="met"), by=people.officer, at=later(1))

    assert fields_of(refused) == set(CRITERIA) - {"necessary"}


def test_an_assessment_is_mended_where_it_stands(people):
    case = handled(people)
    workflow.assess(case, Assessment(sufficient=False), by=people.officer, at=later(1))

    workflow.assess(case, Assessment(sufficient=True, **CRITERIA), by=people.officer, at=later(2))

    assert Assessment.objects.get().sufficient
    assert story(case).count("assess") == 2


# The sender.


def answered(people: Cast) -> Submission:
    case = handled(people)
    Submission.objects.filter(pk=case.pk).update(status="answered", answered_at=later(7), closed_at=later(7))
    case.refresh_from_db()
    return case


def test_a_dispute_starts_the_clock_anew_and_comes_once(people):
    case = answered(people)

    workflow.dispute(case, at=later(9), reason="Chưa trả lời vào việc hỏi.")

    assert (case.status, case.closed_at, case.answer_due_on) == ("disputed", None, date(2026, 11, 27))
    assert Pause.objects.get(submission=case).first_on == date(2026, 11, 10)
    assert case.events.last().remark == ""
    with pytest.raises(Conflict):
        workflow.dispute(case, at=later(9), reason="Lần nữa.")


def test_a_dispute_comes_in_time(people):
    case = answered(people)
    assert workflow.disputable_until(case) == date(2026, 11, 25)

    with pytest.raises(Refused):
        workflow.dispute(case, at=later(23), reason="Muộn.")


def test_a_second_dispute_is_refused(people):
    case = answered(people)
    workflow.dispute(case, at=later(9), reason="Chưa rõ.")
    Submission.objects.filter(pk=case.pk).update(status="answered")
    case.refresh_from_db()

    with pytest.raises(Refused):
        workflow.dispute(case, at=later(10), reason="Vẫn chưa rõ.")


def test_the_head_takes_up_what_is_disputed(people):
    case = answered(people)
    workflow.dispute(case, at=later(9), reason="Chưa rõ.")
    with pytest.raises(NotAllowed):
        workflow.resume(case, by=people.officer, at=later(10))

    workflow.resume(case, by=people.head, at=later(10))

    assert (case.status, case.answer_due_on) == ("handling", date(2026, 11, 27))


def test_a_rating_is_given_once(people):
    case = answered(people)
    workflow.rate(case, score=4, comment="Nhanh.", at=later(8))

    with pytest.raises(Refused):
        workflow.rate(case, score=1, at=later(8))

    assert (case.rating.score, case.events.last().data) == (4, {})


@pytest.mark.parametrize("score", [0, 6])
def test_a_rating_is_from_one_to_five(score, people):
    with pytest.raises(Refused):
        workflow.rate(answered(people), score=score, at=later(8))


def test_the_sender_withdraws_and_no_pause_stays_open(people):
    case = handled(people)
    workflow.ask(case, text="Nộp ở đâu?", by=people.officer, at=later(1))

    workflow.withdraw(case, at=later(2), reason="Đã được giải quyết.")

    assert (case.status, case.closed_at, case.events.last().remark) == ("withdrawn", later(2), "")
    assert not case.pauses.filter(last_on=None).exists()


# The calendar.


def test_a_new_holiday_moves_open_cases_and_leaves_both_dates(people):
    case, closed = handled(people), answered(people)
    CalendarDay.objects.create(day=date(2026, 11, 9), kind="holiday")

    assert workflow.recount(later(1)) == 1

    case.refresh_from_db()
    closed.refresh_from_db()
    assert (case.answer_due_on, case.forward_due_on) == (date(2026, 11, 18), date(2026, 11, 11))
    assert closed.answer_due_on == date(2026, 11, 17)
    data = case.events.last().data
    assert (data["due_before"], data["due"]) == ("2026-11-17", "2026-11-18")
    assert workflow.recount(later(1)) == 0


def test_counting_again_asks_no_more_of_many_cases(people, django_assert_max_num_queries):
    for _ in range(5):
        received(field=people.field)

    with django_assert_max_num_queries(4):
        workflow.recount(later(1))


def test_only_what_keeps_the_case_is_recorded(people):
    case = handled(people)
    data = {"clock": "answer", "due": "2026-11-17", "left": 2, "net": 1, "gross": 1}
    moves.record(case, Verb.REMIND, by=None, at=later(1), data=data)

    with pytest.raises(ValueError, match="function of its own"):
        moves.record(case, Verb.REJECT, by=people.officer, at=later(1))
    assert story(case)[-1] == "remind"
