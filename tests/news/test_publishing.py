"""The steps from a draft to the public: who may take them, from where, and what stays on record."""

from datetime import UTC, datetime, timedelta

import pytest

from news import publishing
from news.models import Article, EditorialEvent
from news.publishing import NotPublishable
from portal import roles
from portal.steps import Conflict, NotAllowed
from tests.factories import AdministratorFactory, ArticleFactory, UnitFactory, UserFactory

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
LATER = AT + timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory(role=roles.EDITOR)


@pytest.fixture
def approver():
    return UserFactory(role=roles.APPROVER)


def submitted(by, **values):
    article = ArticleFactory(author=by, **values)
    publishing.submit(article, by=by, at=AT)
    return article


def published(by, approver, **values):
    article = submitted(by, **values)
    publishing.publish(article, by=approver, at=AT)
    return article


def stored(article):
    return Article.objects.get(pk=article.pk)


def test_the_way_to_the_public_and_back_is_on_record(editor, approver):
    article = submitted(editor)
    publishing.return_(article, by=approver, at=AT, remark=" Ghi rõ nguồn. ")
    publishing.submit(article, by=editor, at=AT)
    publishing.publish(article, by=approver, at=AT)
    publishing.correct(article, by=approver, at=AT, reason="Sai ngày.")
    publishing.withdraw(article, by=approver, at=AT, reason="Hội thi hoãn.")
    assert stored(article).withdrawn_reason == "Hội thi hoãn."
    publishing.reopen(article, by=editor, at=AT)
    publishing.submit(article, by=editor, at=AT)
    publishing.publish(article, by=approver, at=LATER)

    assert stored(article).status == "published"
    assert stored(article).withdrawn_reason == ""
    assert list(article.events.values_list("verb", "by", "remark")) == [
        ("submit", editor.pk, ""),
        ("return", approver.pk, "Ghi rõ nguồn."),
        ("submit", editor.pk, ""),
        ("publish", approver.pk, ""),
        ("correct", approver.pk, "Sai ngày."),
        ("withdraw", approver.pk, "Hội thi hoãn."),
        ("reopen", editor.pk, ""),
        ("submit", editor.pk, ""),
        ("publish", approver.pk, ""),
    ]


def test_every_verb_has_a_place_in_the_table():
    led_to = {verb for moves in publishing.MOVES.values() for verb in moves}

    assert led_to == set(EditorialEvent.Verb)
    assert set(publishing.MOVES) == set(Article.Status)


@pytest.mark.parametrize("make", [lambda: UserFactory(role=roles.APPROVER), AdministratorFactory])
def test_nobody_approves_the_own_article(make, approver):
    author = make()
    article = submitted(author)

    with pytest.raises(NotAllowed, match="một người duyệt bài khác"):
        publishing.publish(article, by=author, at=AT)

    assert stored(article).status == "submitted"
    publishing.publish(article, by=approver, at=AT)
    assert stored(article).status == "published"


def test_who_handed_it_in_does_not_approve_it_either(editor, approver):
    article = ArticleFactory(author=editor)
    publishing.submit(article, by=approver, at=AT)

    with pytest.raises(NotAllowed):
        publishing.publish(article, by=approver, at=AT)


def test_who_hands_in_what_a_program_wrote_is_its_author(editor):
    article = ArticleFactory(author=None)

    publishing.submit(article, by=editor, at=AT)

    assert stored(article).author == editor


@pytest.mark.parametrize("role", [roles.EDITOR, roles.UNIT, roles.OFFICE, roles.ADMINISTRATOR, roles.FOCAL_PERSON])
def test_only_approvers_approve_return_and_withdraw(editor, approver, role):
    other, waiting, public = UserFactory(role=role), submitted(editor), published(editor, approver)

    for step in (
        lambda: publishing.publish(waiting, by=other, at=AT),
        lambda: publishing.return_(waiting, by=other, at=AT, remark="Sửa."),
        lambda: publishing.withdraw(public, by=other, at=AT, reason="Sai."),
        lambda: publishing.correct(public, by=other, at=AT, reason="Sai."),
    ):
        with pytest.raises(NotAllowed):
            step()
    assert (stored(waiting).status, stored(public).status) == ("submitted", "published")


def test_a_unit_hands_in_its_own_articles_only():
    member = UserFactory(role=roles.UNIT, unit=UnitFactory())
    own, other = ArticleFactory(unit=member.unit), ArticleFactory(unit=UnitFactory())

    publishing.submit(own, by=member, at=AT)
    with pytest.raises(NotAllowed):
        publishing.submit(other, by=member, at=AT)


def test_content_is_edited_by_whose_turn_it_is(editor, approver):
    article = ArticleFactory(author=editor)
    assert publishing.may_edit(editor, article)
    publishing.submit(article, by=editor, at=AT)
    assert (publishing.may_edit(editor, article), publishing.may_edit(approver, article)) == (False, True)
    publishing.publish(article, by=approver, at=AT)
    assert (publishing.may_edit(editor, article), publishing.may_edit(approver, article)) == (False, True)
    publishing.withdraw(article, by=approver, at=AT, reason="Sai.")
    assert (publishing.may_edit(editor, article), publishing.may_edit(approver, article)) == (False, False)


def test_returning_and_withdrawing_need_words(editor, approver):
    waiting, public = submitted(editor), published(editor, approver)

    with pytest.raises(NotPublishable, match="Ghi ý kiến"):
        publishing.return_(waiting, by=approver, at=AT, remark="  ")
    with pytest.raises(NotPublishable, match="Ghi lý do gỡ"):
        publishing.withdraw(public, by=approver, at=AT, reason="")
    with pytest.raises(NotPublishable, match="300 chữ cái"):
        publishing.withdraw(public, by=approver, at=AT, reason="a" * 301)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"lead": " "}, "lead"), ({"body": "<p>&nbsp;</p>"}, "body"), ({"title": " "}, "title")],
)
def test_what_lacks_a_part_is_not_handed_in(editor, values, field):
    article = ArticleFactory(author=editor, **values)

    with pytest.raises(NotPublishable) as refused:
        publishing.submit(article, by=editor, at=AT)

    assert [problem.field for problem in refused.value.problems] == [field]
    assert stored(article).status == "draft"


def test_a_step_that_somebody_else_took_first_is_a_conflict(editor, approver):
    article = submitted(editor)
    seen_before = stored(article)
    publishing.return_(article, by=approver, at=AT, remark="Sửa.")

    with pytest.raises(Conflict):
        publishing.publish(seen_before, by=approver, at=AT)

    assert stored(article).status == "returned"
    assert article.events.count() == 2


def test_a_deleted_article_is_a_conflict(editor):
    article = ArticleFactory(author=editor)
    Article.objects.all().delete()

    with pytest.raises(Conflict):
        publishing.submit(article, by=editor, at=AT)


def test_an_address_is_given_once_and_kept(editor, approver):
    article = published(editor, approver, title="Đo lường: hội thi “Chung tay”")
    assert (article.year, article.slug) == (2026, "do-luong-hoi-thi-chung-tay")
    publishing.withdraw(article, by=approver, at=AT, reason="Sai.")
    publishing.reopen(article, by=editor, at=AT)
    Article.objects.update(title="Tiêu đề khác")
    publishing.submit(article, by=editor, at=AT)
    publishing.publish(article, by=approver, at=AT + timedelta(days=400))

    assert (stored(article).year, stored(article).slug) == (2026, "do-luong-hoi-thi-chung-tay")
    # What the public has read once keeps its day.
    assert stored(article).publish_at == AT


def test_two_articles_of_one_title_have_two_addresses(editor, approver):
    slugs = [published(editor, approver, title="Hội thi").slug for _ in range(3)]
    long = published(editor, approver, title="Đổi mới " * 24).slug

    assert slugs == ["hoi-thi", "hoi-thi-2", "hoi-thi-3"]
    assert len(long) <= 80


def test_a_title_without_letters_has_an_address(editor, approver):
    assert published(editor, approver, title="“…”").slug == "bai"


def test_the_year_is_that_of_the_day_here(editor, approver):
    article = submitted(editor)

    publishing.publish(article, by=approver, at=AT, publish_at=datetime(2026, 12, 31, 18, tzinfo=UTC))

    assert stored(article).year == 2027


def test_approved_for_later_is_public_from_then(editor, approver):
    article = submitted(editor)

    publishing.publish(article, by=approver, at=AT, publish_at=LATER)

    assert list(Article.objects.published(AT)) == []
    assert list(Article.objects.published(LATER)) == [article]


def test_a_time_that_has_passed_before_the_approval_is_not_told(editor, approver):
    article = submitted(editor, publish_at=AT - timedelta(days=9))

    publishing.publish(article, by=approver, at=AT)

    assert stored(article).publish_at == AT


@pytest.mark.parametrize("ends", [AT - timedelta(minutes=1), AT + timedelta(minutes=30)])
def test_an_end_before_the_beginning_is_refused(editor, approver, ends):
    article = submitted(editor, unpublish_at=ends)

    with pytest.raises(NotPublishable, match="thôi đăng"):
        publishing.publish(article, by=approver, at=AT, publish_at=LATER)


def test_nothing_published_is_moved_before_its_first_approval(editor, approver):
    article = published(editor, approver)
    earlier = AT - timedelta(days=40)
    Article.objects.filter(pk=article.pk).update(publish_at=earlier)
    article.refresh_from_db()

    with pytest.raises(NotPublishable, match="không trước lần duyệt đầu"):
        publishing.correct(article, by=approver, at=LATER, reason="Đổi lúc đăng.")

    publishing.withdraw(article, by=approver, at=LATER, reason="Sai.")
    publishing.reopen(article, by=editor, at=LATER)
    with pytest.raises(NotPublishable, match="không trước lần duyệt đầu"):
        publishing.submit(article, by=editor, at=LATER)
