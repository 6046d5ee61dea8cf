"""Bulletins: the next issue, what goes in, what readers see, and the mails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from news import bulletins, publishing
from news.bulletins import Choice, Issue, Period
from news.models import Bulletin, BulletinDelivery
from portal import roles
from procedures import subscribing
from tests.factories import (
    ArticleFactory,
    BulletinFactory,
    DecisionFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    SubscriptionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
ON = date(2026, 11, 24)


def change(**values):
    return ProcedureChangeFactory(**{"decision": DecisionFactory(published=True), **values})


def issue_of(*things, **values):
    """An issue with the articles and changes; articles in full where they are given as (article, True)."""
    bulletin = BulletinFactory(**values)
    choices = []
    for thing in things:
        thing, full = thing if isinstance(thing, tuple) else (thing, False)
        name = "article" if hasattr(thing, "lead") else "change"
        choices.append(Choice(**{name: thing}, full=full))
    bulletins.arrange(bulletin, choices)
    return bulletin


# The next issue.


def test_the_first_issue_begins_with_the_month_and_the_next_after_the_last():
    assert bulletins.next_number(2026) == 1
    assert Period.since_last_issue(ON) == Period(date(2026, 11, 1), ON)

    BulletinFactory(number=7, first_on=date(2026, 10, 1), last_on=date(2026, 10, 31))

    assert bulletins.next_number(2026) == 8
    assert bulletins.next_number(2027) == 1
    assert Period.since_last_issue(date(2026, 11, 24)) == Period(date(2026, 11, 1), ON)


def test_an_issue_whose_period_has_not_ended_leaves_one_day_to_the_next():
    BulletinFactory(last_on=date(2026, 11, 30))

    assert Period.since_last_issue(ON) == Period(ON, ON)


def test_the_month_before_january_is_december_of_the_year_before():
    assert Period.month_before(date(2027, 1, 31)) == Period(date(2026, 12, 1), date(2026, 12, 31))


def test_the_issue_of_a_month_is_made_once_with_all_that_the_month_brought():
    editor = UserFactory(role=roles.EDITOR)
    article = ArticleFactory(published=True)
    ArticleFactory(published=True, publish_at=AT - timedelta(days=60))
    ArticleFactory()
    effective = change(effective_on=date(2026, 11, 30))
    announced = change(
        decision=DecisionFactory(published=True, published_at=datetime(2026, 11, 29, tzinfo=UTC)),
        effective_on=date(2027, 1, 1),
    )
    change(decision=DecisionFactory())

    bulletin, is_new = bulletins.start_month(by=editor, on=date(2026, 12, 3), at=datetime(2026, 12, 3, tzinfo=UTC))
    again, is_newer = bulletins.start_month(by=editor, on=date(2026, 12, 3), at=datetime(2026, 12, 3, tzinfo=UTC))

    assert (is_new, is_newer, again) == (True, False, bulletin)
    assert (bulletin.status, bulletin.author) == ("draft", editor)
    assert [item.article or item.change for item in bulletin.items.all()] == [article, effective, announced]


# What stands in it.


def test_an_issue_holds_what_was_chosen_in_its_order():
    first, second, third = ArticleFactory.create_batch(3, published=True)
    bulletin = issue_of(first, second)

    bulletins.arrange(bulletin, [Choice(article=third), Choice(article=first, full=True)])

    found = Issue.read(bulletin, AT)
    assert [(piece.article, piece.full) for piece in found.pieces] == [(third, False), (first, True)]


def test_an_issue_needs_something_and_only_what_is_public_by_then():
    assert publishing.problems(BulletinFactory())[0].sentence == "Chọn ít nhất một tin, bài hoặc một thay đổi."

    draft = ArticleFactory()
    scheduled = ArticleFactory(published=True, publish_at=AT + timedelta(hours=2))
    private = change(decision=DecisionFactory())
    bulletin = issue_of(draft, scheduled, private)
    assert len(publishing.problems(bulletin)) == 2

    bulletin.publish_at = AT + timedelta(hours=1)
    assert len(publishing.problems(bulletin)) == 3
    bulletin.publish_at = AT + timedelta(hours=2)
    assert len(publishing.problems(bulletin)) == 2


def test_an_issue_goes_through_the_same_steps_as_an_article():
    editor, approver = UserFactory(role=roles.EDITOR), UserFactory(role=roles.APPROVER)
    bulletin = issue_of(ArticleFactory(published=True), author=editor)

    publishing.submit(bulletin, by=editor, at=AT)
    publishing.publish(bulletin, by=approver, at=AT)

    assert Bulletin.objects.published(AT).get() == bulletin


def test_readers_do_not_see_what_was_withdrawn_after_the_issue():
    kept, withdrawn = ArticleFactory.create_batch(2, published=True)
    bulletin = issue_of(kept, withdrawn, published=True)
    publishing.withdraw(withdrawn, by=None, at=AT, reason="Sai.")

    assert [piece.article for piece in Issue.read(bulletin, AT).pieces] == [kept]


# Pages.


@pytest.fixture
def _department():
    OrganisationFactory(responsible="Văn phòng Sở")


@pytest.mark.usefixtures("_department")
def test_the_page_shows_leads_whole_articles_and_changes(client):
    short = ArticleFactory(published=True, body="<p>Không in.</p>")
    whole = ArticleFactory(published=True, body="<h2>Kết quả</h2><p>Mười đội.</p>")
    bulletin = issue_of(short, (whole, True), change(), published=True, intro="Lời giới thiệu.")

    page = client.get(bulletin.get_absolute_url())

    text = page.content.decode()
    assert "Lời giới thiệu." in text
    assert short.lead in text
    assert "Không in." not in text
    assert "<h3>Kết quả</h3>" in text
    assert "Giảm thời hạn" in text.replace("\u00a0", " ")
    assert not page.cookies


@pytest.mark.usefixtures("_department")
def test_only_public_issues_are_listed_and_their_neighbours_linked(client):
    old = issue_of(ArticleFactory(published=True), published=True, year=2025, number=9)
    new = issue_of(ArticleFactory(published=True), published=True, year=2026, number=1)
    draft = BulletinFactory(year=2026, number=2)

    text = client.get(reverse("news:bulletin-list")).content.decode()
    assert text.index(new.get_absolute_url()) < text.index(old.get_absolute_url())
    assert draft.get_absolute_url() not in text
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert f'rel="next" href="{new.get_absolute_url()}"' in client.get(old.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("_department")
def test_a_withdrawn_issue_tells_why_on_the_page_and_for_the_pdf(client):
    bulletin = issue_of(ArticleFactory(published=True), published=True)
    publishing.withdraw(bulletin, by=None, at=AT, reason="Nhầm số liệu.")

    pdf = reverse("news:bulletin-pdf", args=[bulletin.number, bulletin.year])
    for address in (bulletin.get_absolute_url(), pdf):
        response = client.get(address)
        assert response.status_code == 410
        assert "Nhầm số liệu." in response.content.decode()


@pytest.mark.usefixtures("_department")
def test_an_issue_costs_the_same_queries_however_long_it_is(client):
    def queries(count):
        things = [*ArticleFactory.create_batch(count, published=True), *(change() for _ in range(count))]
        bulletin = issue_of(*things, published=True)
        client.get(bulletin.get_absolute_url())
        with CaptureQueriesContext(connection) as context:
            client.get(bulletin.get_absolute_url())
        return len(context)

    assert queries(1) == queries(6)


# Mails.


@pytest.fixture
def public(_department):
    return issue_of(ArticleFactory(published=True), change(), published=True, number=11)


def test_each_reader_of_bulletins_gets_one_mail_whatever_happens(public):
    wanted = SubscriptionFactory(bulletin=True)
    SubscriptionFactory()
    SubscriptionFactory(bulletin=True, confirmed_at=None)

    for minutes in range(3):
        bulletins.note_readers(AT + timedelta(minutes=minutes))
        bulletins.mail_waiting(AT + timedelta(minutes=minutes))

    (mail,) = Email.objects.all()
    assert mail.to == [wanted.email]
    assert mail.subject == "Bản tin Kiểm soát thủ tục hành chính số 11/2026"
    article = public.items.first().article
    for part in (mail.message, mail.html_message):
        assert article.title in part
        assert f"http://testserver{article.get_absolute_url()}" in part
        assert "http://testserver/ban-tin/11-2026/ban-tin.pdf" in part
        assert f"/nhan-tin/thoi/{wanted.token}/" in part
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_crash_between_two_mails_loses_none_and_doubles_none(public, monkeypatch):
    SubscriptionFactory.create_batch(3, bulletin=True)
    bulletins.note_readers(AT)
    tell, told = subscribing.tell, []

    def fail_at_the_second(subscription, *args):
        if len(told) == 1:
            raise OSError("mất kết nối")
        told.append(subscription)
        tell(subscription, *args)

    monkeypatch.setattr(subscribing, "tell", fail_at_the_second)
    with pytest.raises(OSError, match="mất kết nối"):
        bulletins.mail_waiting(AT)
    assert Email.objects.count() == 1
    monkeypatch.undo()

    bulletins.note_readers(AT)
    bulletins.mail_waiting(AT)

    assert Email.objects.count() == 3
    assert not BulletinDelivery.objects.filter(mailed_at=None).exists()


@pytest.mark.usefixtures("_department")
def test_no_mail_goes_out_before_its_time_nor_when_it_is_not_wanted():
    SubscriptionFactory(bulletin=True)
    article = ArticleFactory(published=True)
    later = issue_of(article, published=True, publish_at=AT + timedelta(hours=1))
    issue_of(article, published=True, mail=False)

    bulletins.note_readers(AT)
    assert not BulletinDelivery.objects.exists()
    bulletins.note_readers(AT + timedelta(hours=1))
    assert BulletinDelivery.objects.get().bulletin == later


def test_a_withdrawn_issue_stops_the_mails_that_wait(public):
    SubscriptionFactory(bulletin=True)
    bulletins.note_readers(AT)
    publishing.withdraw(public, by=None, at=AT, reason="Nhầm.")

    bulletins.mail_waiting(AT)

    assert not Email.objects.exists()


def test_who_ended_the_subscription_gets_no_mail(public):
    subscription = SubscriptionFactory(bulletin=True)
    bulletins.note_readers(AT)
    subscribing.end(subscription)

    bulletins.mail_waiting(AT)

    assert not Email.objects.exists()


# The staff's workplace.


@pytest.fixture
def editor(client):
    user = UserFactory(role=roles.EDITOR)
    client.force_login(user)
    return user


def form_values(bulletin, rows, **values):
    data = {
        "title": bulletin.title,
        "number": bulletin.number,
        "year": bulletin.year,
        "first_on": "01/11/2026",
        "last_on": "30/11/2026",
        "seen": bulletin.edit_number,
        "items-TOTAL_FORMS": len(rows),
        "items-INITIAL_FORMS": len(rows),
        "_save": "Lưu nháp",
        **values,
    }
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.usefixtures("_department")
def test_an_editor_chooses_and_orders_without_a_script(client, editor):
    first, second, left_out = ArticleFactory.create_batch(3, published=True)
    told = change(effective_on=date(2026, 11, 25))
    bulletin = BulletinFactory(author=editor)
    address = reverse("admin:news_bulletin_change", args=[bulletin.pk])
    page = client.get(address).content.decode()
    assert all(article.title in page for article in (first, second, left_out))
    assert told.procedure.title in page

    rows = [
        {"kind": "article", "pk": first.pk, "chosen": "on", "order": 2},
        {"kind": "article", "pk": second.pk, "chosen": "on", "order": 1, "full": "on"},
        {"kind": "article", "pk": left_out.pk, "order": ""},
        {"kind": "article", "pk": ArticleFactory().pk, "chosen": "on", "order": 3},
        {"kind": "change", "pk": told.pk, "chosen": "on", "order": 1},
    ]
    response = client.post(address, form_values(bulletin, rows), follow=True)

    assert response.status_code == 200
    items = [(item.article, item.change, item.full) for item in bulletin.items.all()]
    assert items == [(second, None, True), (first, None, False), (None, told, False)]
    preview = client.get(reverse("admin:news_bulletin_preview", args=[bulletin.pk])).content.decode()
    assert preview.index(second.title) < preview.index(first.title)
    assert "Xem trước." in preview


@pytest.mark.usefixtures("_department")
def test_a_new_issue_proposes_number_and_period(client, editor):
    BulletinFactory(year=2020, number=1, first_on=date(2020, 1, 1), last_on=date(2020, 1, 31))

    page = client.get(reverse("admin:news_bulletin_add")).content.decode()

    assert 'value="01/02/2020"' in page


@pytest.mark.usefixtures("_department")
def test_what_is_published_changes_only_with_a_reason(client):
    client.force_login(UserFactory(role=roles.APPROVER))
    first, second = ArticleFactory.create_batch(2, published=True)
    bulletin = issue_of(first, published=True)
    address = reverse("admin:news_bulletin_change", args=[bulletin.pk])
    rows = [{"kind": "article", "pk": second.pk, "chosen": "on", "order": 1}]
    stored = {"publish_at": "2026-11-02T08:00", "mail": "on"}

    client.post(address, form_values(bulletin, rows, **stored))
    assert [item.article for item in bulletin.items.all()] == [first]

    client.post(address, form_values(bulletin, rows, **stored, remark="Chọn nhầm bài."))
    assert [item.article for item in bulletin.items.all()] == [second]
    assert bulletin.events.get().remark == "Chọn nhầm bài."
    assert Bulletin.objects.published(AT).exists()


@pytest.mark.usefixtures("_department")
def test_the_list_makes_the_issue_of_the_month_by_a_post_only(client, editor):
    address = reverse("admin:news_bulletin_month")

    assert client.get(address).status_code == 405
    response = client.post(address)

    assert response.headers["Location"] == reverse("admin:news_bulletin_change", args=[Bulletin.objects.get().pk])


@pytest.mark.usefixtures("_department")
def test_a_unit_neither_makes_nor_previews_an_issue_that_is_not_public(client):
    bulletin = BulletinFactory()
    client.force_login(UserFactory(role=roles.UNIT))

    assert client.post(reverse("admin:news_bulletin_month")).status_code == 403
    assert client.get(reverse("admin:news_bulletin_preview", args=[bulletin.pk])).status_code == 404
