"""An article as the public would see it, before it does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news import preview, publishing
from news.models import Article, Tag
from portal import roles
from portal.models import SearchChange
from tests.factories import ArticleFactory, ProcedureFactory, SectionFactory, UserFactory

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = UserFactory(role=roles.EDITOR)
    client.force_login(user)
    return user


@pytest.fixture
def approver():
    return UserFactory(role=roles.APPROVER)


def shared(link):
    return reverse("news:preview", args=[str(link)])


def page(response):
    return response.content.decode()


def typed(**values):
    return {"kind": "news", "title": "", "lead": "", "body": "", "section": "", **values}


def test_what_is_typed_is_shown_as_the_public_page_and_nothing_is_stored(client, editor):
    article = ArticleFactory(author=editor)
    procedure = ProcedureFactory(published=True)
    before = SearchChange.latest_number()
    values = typed(
        title="Tiêu đề đang gõ",
        body="<p>Câu đang gõ</p><script>alert(1)</script>",
        section=article.section_id,
        procedures=[procedure.pk],
        tag_names="từ mới",
    )

    response = client.post(reverse("admin:news_article_preview", args=[article.pk]), values, follow=True)
    shown = page(client.get(reverse("admin:news_article_preview-page", args=[article.pk])))

    assert page(response).count("<iframe") == 2
    assert "Tiêu đề đang gõ" in shown
    assert "Câu đang gõ" in shown
    assert "alert(1)" not in shown
    assert procedure.get_absolute_url() in shown
    assert "Bản xem trước" in shown
    assert Article.objects.get().title == article.title
    assert not Tag.objects.exists()
    assert SearchChange.latest_number() == before


def test_a_new_article_is_previewed_before_it_is_saved(client, editor):
    SectionFactory()

    client.post(reverse("admin:news_article_preview-new"), typed(title="Bài mới"))

    assert "Bài mới" in page(client.get(reverse("admin:news_article_preview-page-new")))
    assert not Article.objects.exists()


def test_what_is_typed_wrongly_does_not_stop_the_preview(client, editor):
    article = ArticleFactory(author=editor)
    values = typed(
        title="a" * 300, lead="Tóm tắt mới", section="999", publish_at="hôm qua", unpublish_at="2020-01-01T08:00"
    )
    client.post(reverse("admin:news_article_preview", args=[article.pk]), values)

    shown = page(client.get(reverse("admin:news_article_preview-page", args=[article.pk])))

    assert article.title in shown
    assert "Tóm tắt mới" in shown


def test_who_may_only_look_sees_what_is_stored(client, editor):
    article = ArticleFactory(author=editor)
    client.force_login(UserFactory(role=roles.OFFICE))
    address = reverse("admin:news_article_preview", args=[article.pk])

    assert client.post(address, typed(title="Khác")).status_code == 403
    assert article.title in page(client.get(reverse("admin:news_article_preview-page", args=[article.pk])))


def test_the_staff_s_preview_asks_for_an_account(client):
    article = ArticleFactory()

    for name in ("preview", "preview-page"):
        response = client.get(reverse(f"admin:news_article_{name}", args=[article.pk]))
        assert response.status_code == 302
        assert "/dang-nhap" in response["Location"] or "/login" in response["Location"]


def test_a_reader_without_account_opens_the_link_that_the_page_offers(client, editor):
    article = ArticleFactory(author=editor, title="Chưa đăng")
    offered = page(client.get(reverse("admin:news_article_preview", args=[article.pk])))
    assert "/tin-tuc/xem-truoc/" in offered
    client.logout()

    response = client.get(shared(preview.link(article, at=timezone.now())))

    assert "Chưa đăng" in page(response)
    assert "Liên kết này dùng được đến" in page(response)
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex"' in page(response)
    assert not response.cookies


def test_the_link_ends_after_seven_days(client):
    article = ArticleFactory()
    link = preview.link(article, at=AT)

    assert link.until == AT + timedelta(days=7)
    assert preview.opens(link, article, at=link.until - timedelta(seconds=1))
    assert not preview.opens(link, article, at=link.until)
    response = client.get(shared(preview.link(article, at=timezone.now() - timedelta(days=8))))
    assert response.status_code == 410
    assert "Hỏi người gửi" in page(response)


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: "a:b:c"])
def test_a_link_that_was_not_made_here_opens_nothing(client, change):
    article = ArticleFactory(title="Chưa đăng")

    response = client.get(reverse("news:preview", args=[change(str(preview.link(article, at=timezone.now())))]))

    assert response.status_code == 404
    assert "Chưa đăng" not in page(response)


def test_once_published_the_link_leads_to_the_public_page(client, editor, approver):
    article = ArticleFactory(author=editor)
    link, at = preview.link(article, at=timezone.now()), timezone.now()
    publishing.submit(article, by=editor, at=at)
    publishing.publish(article, by=approver, at=at)

    assert client.get(shared(link))["Location"] == article.get_absolute_url()
    # Also after it was withdrawn, and when it is written anew.
    publishing.withdraw(article, by=approver, at=at, reason="Sai.")
    assert client.get(shared(link))["Location"] == article.get_absolute_url()
    publishing.reopen(article, by=editor, at=at)
    assert client.get(shared(link))["Location"] == article.get_absolute_url()
    assert client.get(shared(preview.link(article, at=timezone.now()))).status_code == 200


def test_a_link_to_what_waits_for_its_time_ends_when_it_comes_and_when_it_is_withdrawn(client, editor, approver):
    at = timezone.now()
    article = ArticleFactory(author=editor, title="Hẹn giờ")
    publishing.submit(article, by=editor, at=at)
    publishing.publish(article, by=approver, at=at, publish_at=at + timedelta(days=1))
    link = preview.link(article, at=at)
    assert "Hẹn giờ" in page(client.get(shared(link)))

    assert not preview.opens(link, article, at=at + timedelta(days=1))
    publishing.withdraw(article, by=approver, at=at, reason="Sai.")
    assert not preview.opens(link, article, at=at)


def test_the_link_of_a_deleted_article_opens_nothing(client):
    article = ArticleFactory()
    link = preview.link(article, at=timezone.now())
    article.delete()

    assert client.get(shared(link)).status_code == 404
