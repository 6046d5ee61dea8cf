"""What units are stuck with: who raises, answers, settles and sees it."""

from datetime import UTC, date, datetime

import pytest
from post_office.models import Email

from portal.steps import Conflict, NotAllowed, Refused
from reports import difficulties
from reports.models import Difficulty
from tests.factories import DifficultyFactory, ReportingPeriodFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

AT = datetime(2024, 9, 3, 2, tzinfo=UTC)
LIST = "/quan-tri/reports/difficulty/"
WORDS = {"kind": "practice", "title": "Hồ sơ giấy phải nhập hai lần", "content": "", "proposal": "Bỏ một lần."}


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def raiser(unit):
    return UserFactory(role="Đơn vị", unit=unit, email="don-vi@example.vn")


@pytest.fixture
def office():
    return UserFactory(role="Văn phòng Sở")


def of(unit, raiser=None, **values):
    return DifficultyFactory(unit=unit, raised_by=raiser, **values)


def test_a_unit_raises_for_itself_only(unit, raiser):
    raised = difficulties.raise_(Difficulty(unit=unit, title="Hồ sơ giấy phải nhập hai lần"), by=raiser, at=AT)

    assert (raised.status, raised.raised_on, raised.raised_by) == ("raised", date(2024, 9, 3), raiser)
    with pytest.raises(NotAllowed):
        difficulties.raise_(Difficulty(unit=UnitFactory(), title="Việc của đơn vị khác"), by=raiser, at=AT)


def test_a_difficulty_without_a_sentence_is_refused(unit, raiser):
    with pytest.raises(Refused):
        difficulties.raise_(Difficulty(unit=unit, title=" "), by=raiser, at=AT)


def test_an_answer_is_mailed_to_who_raised_it(unit, raiser, office):
    found = of(unit, raiser)

    difficulties.answer(found, text=" Sẽ nối hai hệ thống. ", by=office, at=AT)

    found.refresh_from_db()
    assert (found.status, found.answer, found.answered_on) == ("answered", "Sẽ nối hai hệ thống.", date(2024, 9, 3))
    mail = Email.objects.get()
    assert mail.to == ["don-vi@example.vn"]
    assert "Sẽ nối hai hệ thống." in mail.message


def test_an_answer_needs_words_and_the_office(unit, raiser, office):
    found = of(unit, raiser)

    with pytest.raises(Refused):
        difficulties.answer(found, text=" ", by=office, at=AT)
    with pytest.raises(NotAllowed):
        difficulties.answer(found, text="Tự trả lời.", by=raiser, at=AT)
    assert not Email.objects.exists()


def test_what_is_answered_is_no_longer_edited_or_withdrawn(unit, raiser):
    found = of(unit, raiser, status="answered")

    with pytest.raises(Conflict):
        difficulties.edit(found, by=raiser)
    with pytest.raises(Conflict):
        difficulties.withdraw(found, by=raiser)


def test_only_the_own_unit_edits_and_withdraws(unit, raiser):
    found = of(unit, raiser)
    stranger = UserFactory(role="Đơn vị", unit=UnitFactory())

    for step in (difficulties.edit, difficulties.withdraw):
        with pytest.raises(NotAllowed):
            step(found, by=stranger)


def test_it_is_not_solved_before_it_was_raised_or_after_today(unit, raiser, office):
    found = of(unit, raiser)

    for day in (date(2024, 8, 19), date(2024, 9, 4)):
        with pytest.raises(Refused):
            difficulties.settle(found, in_reports=True, solved_on=day, by=office, at=AT)
    with pytest.raises(NotAllowed):
        difficulties.settle(found, in_reports=False, solved_on=None, by=raiser, at=AT)

    difficulties.settle(found, in_reports=True, solved_on=date(2024, 9, 3), by=office, at=AT)
    assert not Difficulty.objects.unsolved().exists()


def test_a_report_tells_of_what_is_raised_in_it_or_still_unsolved(unit):
    period = ReportingPeriodFactory()
    before, after = date(2024, 3, 1), date(2024, 11, 1)
    told = {
        of(unit),
        of(unit, raised_on=before),
        of(unit, raised_on=before, solved_on=after),
        of(unit, solved_on=date(2024, 8, 25)),
    }
    of(unit, raised_on=before, solved_on=date(2024, 4, 1))
    of(unit, raised_on=after)
    of(unit, status="withdrawn")
    of(unit, in_reports=False)

    assert set(difficulties.of_period(period)) == told


def test_a_unit_writes_on_its_form_and_keeps_what_was_typed(client, unit, raiser):
    client.force_login(raiser)

    refused = client.post(f"{LIST}add/", {**WORDS, "title": ""})
    client.post(f"{LIST}add/", WORDS)

    found = Difficulty.objects.get()
    assert refused.status_code == 200
    assert "Bỏ một lần." in refused.content.decode()
    assert (found.unit, found.raised_by) == (unit, raiser)


def test_a_unit_withdraws_on_the_page(client, unit, raiser):
    found = of(unit, raiser)
    client.force_login(raiser)

    page = client.get(f"{LIST}{found.pk}/change/").content.decode()
    client.post(f"{LIST}{found.pk}/rut/")

    found.refresh_from_db()
    assert "Rút vướng mắc này" in page
    assert 'name="answer"' not in page
    assert found.status == "withdrawn"


def test_the_office_answers_on_the_page(client, unit, raiser, office):
    found = of(unit, raiser)
    client.force_login(office)
    given = {**WORDS, "title": found.title, "proposal": "", "in_reports": "on", "answer": "Sẽ nối hai hệ thống."}

    refused = client.post(f"{LIST}{found.pk}/change/", {**given, "solved_on": "2024-01-01"})
    client.post(f"{LIST}{found.pk}/change/", given)

    found.refresh_from_db()
    assert refused.status_code == 200
    assert "Sẽ nối hai hệ thống." in refused.content.decode()
    assert (found.status, found.answered_by) == ("answered", office)


def test_a_unit_does_not_see_those_of_others(client, unit, raiser):
    own, other = of(unit), of(UnitFactory())
    client.force_login(raiser)

    page = client.get(LIST).content.decode()

    assert own.title in page
    assert other.title not in page
    assert client.get(f"{LIST}{other.pk}/change/").status_code == 302
    assert client.post(f"{LIST}{other.pk}/rut/").status_code == 404


def test_the_list_asks_as_many_questions_for_many_rows(client, office, django_assert_max_num_queries):
    for _ in range(6):
        of(UnitFactory())
    client.force_login(office)

    with django_assert_max_num_queries(14):
        client.get(LIST)
