"""Articles in the staff's site: written, kept, returned, approved, corrected, and never overwritten unseen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news import history, publishing
from news.models import Article, Editing, Tag, UnsavedArticle
from portal import roles
from portal.admin_site import tasks
from tests.factories import ArticleFactory, ImageFactory, SectionFactory, UnitFactory, UserFactory

LIST = "/quan-tri/news/article/"
ADD = f"{LIST}add/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = UserFactory(role=roles.EDITOR, unit=UnitFactory(), last_name="Cán bộ", first_name="biên tập")
    client.force_login(user)
    return user


@pytest.fixture
def approver():
    return UserFactory(role=roles.APPROVER)


def address(article):
    return f"{LIST}{article.pk}/change/"


def posted(article=None, **values):
    """Return what the browser sends for an article as it is stored, with what is typed anew."""
    data = {
        "kind": "news",
        "title": article.title if article else "",
        "lead": article.lead if article else "",
        "body": article.body if article else "",
        "section": article.section_id if article else "",
        "unit": (article.unit_id or "") if article else "",
        "cover": (article.cover_id or "") if article else "",
        "seen": article.edit_number if article else "",
        "publish_at": f"{timezone.localtime(article.publish_at):%Y-%m-%dT%H:%M}"
        if article and article.publish_at
        else "",
        "placements-TOTAL_FORMS": 0,
        "placements-INITIAL_FORMS": 0,
    }
    return data | values


def page(response):
    return response.content.decode()


def test_an_editor_writes_an_article_and_hands_it_in(client, editor):
    section = SectionFactory()
    assert "Gửi duyệt" in page(client.get(ADD))

    response = client.post(
        ADD,
        posted(
            title="Hội thi",
            lead="Tóm tắt.",
            body="<p>Nội dung</p><script>alert(1)</script>",
            section=section.pk,
            tag_names="Hội thi,  cải cách , hoi thi",
            _submit="1",
        ),
    )

    article = Article.objects.get()
    assert response.status_code == 302
    assert (article.status, article.author, article.unit) == ("submitted", editor, editor.unit)
    assert sorted(article.tags.values_list("name", flat=True)) == ["Hội thi", "cải cách"]
    assert "script" not in article.body
    # Handed in, it is no longer the editor's to change.
    read = page(client.get(address(article)))
    assert "Gửi duyệt" in read  # among the events
    assert 'name="_save"' not in read


def test_a_tag_is_found_again_without_its_marks(client, editor):
    tag = Tag.objects.create(name="Cải cách", slug="cai-cach")

    client.post(ADD, posted(title="Hội thi", section=SectionFactory().pk, tag_names="cai cach"))

    assert list(Article.objects.get().tags.all()) == [tag]


def test_a_draft_may_lack_what_handing_in_asks_for(client, editor):
    response = client.post(ADD, posted(title="Hội thi", section=SectionFactory().pk, _submit="1"), follow=True)

    assert Article.objects.get().status == "draft"
    assert "Viết nội dung bài." in page(response)


def test_an_approver_returns_and_the_author_reads_why(client, editor, approver):
    article = ArticleFactory(author=editor)
    publishing.submit(article, by=editor, at=timezone.now())
    client.force_login(approver)

    client.post(address(article), posted(article, _return="1", remark="Ghi rõ nguồn."))

    assert Article.objects.get().status == "returned"
    client.force_login(editor)
    assert "Trả lại. Ghi rõ nguồn." in page(client.get(address(article)))
    assert [task.title for task in tasks.waiting(editor, timezone.localdate())][:1] == ["Sửa tin, bài bị trả lại"]


def test_returning_without_a_word_is_refused(client, editor, approver):
    article = ArticleFactory(author=editor)
    publishing.submit(article, by=editor, at=timezone.now())
    client.force_login(approver)

    response = client.post(address(article), posted(article, _return="1"), follow=True)

    assert "Ghi ý kiến" in page(response)
    assert Article.objects.get().status == "submitted"


def test_an_approver_publishes_another_s_article_and_not_the_own(client, editor, approver):
    article, own = ArticleFactory(author=editor), ArticleFactory(author=approver)
    for one in (article, own):
        publishing.submit(one, by=one.author, at=timezone.now())
    client.force_login(approver)
    assert 'name="_publish"' in page(client.get(address(article)))
    assert 'name="_publish"' not in page(client.get(address(own)))

    client.post(address(article), posted(article, _publish="1"))
    response = client.post(address(own), posted(own, _publish="1"), follow=True)

    assert Article.objects.get(pk=article.pk).status == "published"
    assert Article.objects.get(pk=own.pk).status == "submitted"
    assert "một người duyệt bài khác" in page(response)


def test_an_editor_who_sends_the_approver_s_buttons_is_refused(client, editor):
    article = ArticleFactory(author=UserFactory(role=roles.EDITOR))
    publishing.submit(article, by=article.author, at=timezone.now())

    client.post(address(article), posted(article, _publish="1"))

    assert Article.objects.get().status == "submitted"


def test_what_is_published_is_corrected_with_a_reason(client, editor, approver):
    article = ArticleFactory(author=editor, published=True)
    client.force_login(approver)

    refused = client.post(address(article), posted(article, lead="Tóm tắt mới.", _save="1"))
    assert "Ghi lý do" in page(refused)
    assert Article.objects.get().lead == article.lead
    client.post(address(article), posted(article, lead="Tóm tắt mới.", remark="Sai ngày.", _save="1"))

    assert Article.objects.get().lead == "Tóm tắt mới."
    assert article.events.get().remark == "Sai ngày."


def test_a_correction_leaves_what_the_public_reads_complete(client, editor, approver):
    article = ArticleFactory(author=editor, published=True)
    client.force_login(approver)

    response = client.post(address(article), posted(article, body="", remark="Sai.", _save="1"))

    assert "Viết nội dung bài." in page(response)
    assert Article.objects.get().body == article.body


def test_rows_of_what_is_published_change_with_a_reason_too(client, editor, approver):
    article = ArticleFactory(author=editor, published=True)
    client.force_login(approver)
    row = {"channel": "press", "name": "Báo", "url": "", "placed_on": "20/11/2026"}
    rows = {f"placements-0-{name}": value for name, value in row.items()} | {"placements-TOTAL_FORMS": 1}

    response = client.post(address(article), posted(article, **rows), follow=True)

    assert "Ghi lý do sửa" in page(response)
    assert not article.placements.exists()
    assert not history.versions(article.pk).exists()
    client.post(address(article), posted(article, **rows, remark="Báo đã đăng."))
    assert article.placements.get().name == "Báo"
    assert history.versions(article.pk).count() == 1


def test_withdrawing_needs_a_reason_and_changes_no_text(client, editor, approver):
    article = ArticleFactory(author=editor, published=True)
    client.force_login(approver)

    client.post(address(article), posted(article, title="Khác", _withdraw="1"))
    assert Article.objects.get().status == "published"
    client.post(address(article), posted(article, title="Khác", _withdraw="1", remark="Hội thi hoãn."))

    stored = Article.objects.get()
    assert (stored.status, stored.title, stored.withdrawn_reason) == ("withdrawn", article.title, "Hội thi hoãn.")
    client.force_login(editor)
    client.post(address(article), {"_reopen": "1"})
    assert Article.objects.get().status == "draft"


def test_a_unit_sees_and_writes_its_own_articles(client):
    member = UserFactory(role=roles.UNIT, unit=UnitFactory())
    own, other = ArticleFactory(unit=member.unit), ArticleFactory(unit=UnitFactory(), title="Của phòng khác")
    public = ArticleFactory(unit=UnitFactory(), published=True, title="Đã đăng")
    client.force_login(member)

    listed = page(client.get(LIST))

    assert own.title in listed
    assert public.title in listed
    assert other.title not in listed
    assert client.get(address(other)).status_code == 302
    client.post(address(own), posted(own, title="Sửa rồi", unit=other.unit_id))
    own.refresh_from_db()
    assert (own.title, own.unit) == ("Sửa rồi", member.unit)


def test_saving_over_what_another_saved_asks_first_and_loses_nothing(client, editor):
    article = ArticleFactory(author=editor, title="Hội thi", lead="Cũ.")
    other = UserFactory(role=roles.EDITOR, last_name="Cán bộ", first_name="khác")
    seen = posted(article)
    client.post(address(article), seen | {"title": "Hội thi"})  # leaves the version that both have seen
    article.refresh_from_db()
    seen = posted(article)
    client.force_login(other)
    client.post(address(article), seen | {"title": "Hội thi của người khác"})
    client.force_login(editor)

    response = client.post(address(article), seen | {"lead": "Mới, của tôi."})

    read = page(response)
    assert response.status_code == 200
    assert "Cán bộ khác đã lưu bài này lúc" in read
    assert "Mới, của tôi." in read
    # What this person did not touch is theirs, what both could have meant is asked.
    assert 'name="take-title" value="theirs" checked' in read
    assert 'name="take-lead" value="mine" checked' in read
    assert Article.objects.get().title == "Hội thi của người khác"

    latest = Article.objects.get().edit_number
    choice = {"lead": "Mới, của tôi.", "seen": latest, "take-title": "theirs", "take-lead": "mine"}
    assert client.post(address(article), seen | choice).status_code == 302
    stored = Article.objects.get()
    assert (stored.title, stored.lead) == ("Hội thi của người khác", "Mới, của tôi.")


def test_what_is_typed_when_the_article_was_handed_in_meanwhile_is_kept(client, editor):
    article = ArticleFactory(author=editor)
    publishing.submit(Article.objects.get(), by=editor, at=timezone.now())

    response = client.post(address(article), posted(article, title="Vừa nhập"), follow=True)

    assert "Chờ duyệt" in page(response)
    assert UnsavedArticle.objects.get().content["title"] == ["Vừa nhập"]


@pytest.mark.parametrize("is_new", [True, False])
def test_unsaved_text_is_kept_offered_and_restored(client, editor, is_new):
    article = None if is_new else ArticleFactory(author=editor)
    form = ADD if is_new else address(article)
    keep = reverse(
        "admin:news_article_keep-new" if is_new else "admin:news_article_keep", args=[] if is_new else [article.pk]
    )

    answer = client.post(keep, posted(article, title="Đang gõ dở", _keep="1")).json()

    at = timezone.localtime(UnsavedArticle.objects.get().saved_at)
    assert answer["kept"] == f"{at.hour}:{at:%M}"
    assert "Có bản chưa lưu lúc" in page(client.get(form))
    restored = page(client.get(f"{form}?khoi-phuc=1"))
    assert 'value="Đang gõ dở"' in restored
    assert Article.objects.filter(title="Đang gõ dở").count() == 0
    client.post(form, posted(article, title="Đã lưu", section=SectionFactory().pk))
    assert Article.objects.filter(title="Đã lưu").exists()
    assert not UnsavedArticle.objects.exists()


def test_unsaved_text_can_be_thrown_away(client, editor):
    article = ArticleFactory(author=editor)
    client.post(reverse("admin:news_article_keep", args=[article.pk]), posted(article, title="Dở", _keep="1"))

    client.post(reverse("admin:news_article_discard", args=[article.pk]))

    assert not UnsavedArticle.objects.exists()


def test_unsaved_text_is_one_s_own(client, editor):
    article = ArticleFactory(author=editor)
    client.post(reverse("admin:news_article_keep", args=[article.pk]), posted(article, title="Dở", _keep="1"))
    client.force_login(UserFactory(role=roles.EDITOR))

    assert "Có bản chưa lưu" not in page(client.get(address(article)))


def test_keeping_asks_for_the_right_to_change(client, editor):
    article = ArticleFactory(author=editor)
    client.force_login(UserFactory(role=roles.OFFICE))

    assert client.post(reverse("admin:news_article_keep", args=[article.pk]), {"_keep": "1"}).status_code == 403
    assert client.post(reverse("admin:news_article_keep-new"), {"_keep": "1"}).status_code == 403


def test_two_people_in_one_article_are_told(client, editor):
    article = ArticleFactory(author=editor)
    client.get(address(article))
    other = UserFactory(role=roles.EDITOR)
    client.force_login(other)

    since = timezone.localtime(Editing.objects.get().opened_at)
    sentence = f"Cán bộ biên tập cũng đang mở bài này từ {since.hour}:{since:%M}."
    assert sentence in page(client.get(address(article)))
    assert client.post(reverse("admin:news_article_keep", args=[article.pk])).json()["others"] == [sentence]
    # Whoever has said nothing for long has left.
    Editing.objects.filter(user=editor).update(seen_at=timezone.now() - timedelta(minutes=2))
    assert client.post(reverse("admin:news_article_keep", args=[article.pk])).json()["others"] == []


def test_versions_are_compared_and_one_is_restored(client, editor):
    article = ArticleFactory(author=editor)
    client.post(address(article), posted(article, title="Một", body="<p>Câu cũ.</p>"))
    article.refresh_from_db()
    client.post(address(article), posted(article, title="Hai", body="<p>Câu mới.</p>"))
    first = history.versions(article.pk).order_by("pk").first()
    compare = reverse("admin:news_article_compare", args=[article.pk])
    assert "Lưu lúc" in page(client.get(reverse("admin:news_article_history", args=[article.pk])))

    compared = page(client.get(f"{compare}?truoc={first.pk}"))
    assert "<del>" in compared
    article.refresh_from_db()
    restore = reverse("admin:news_article_restore", args=[article.pk, first.pk])
    client.post(restore, {"seen": article.edit_number - 1})
    assert Article.objects.get().title == "Hai"
    client.post(restore, {"seen": article.edit_number})

    stored = Article.objects.get()
    assert (stored.title, stored.body, stored.status) == ("Một", "<p>Câu cũ.</p>", "draft")
    assert history.versions(article.pk).count() == 3


def test_what_was_once_public_is_not_deleted(client, editor, approver):
    draft, public = ArticleFactory(author=editor), ArticleFactory(author=editor)
    publishing.submit(public, by=editor, at=timezone.now())
    publishing.publish(public, by=approver, at=timezone.now())
    publishing.withdraw(public, by=approver, at=timezone.now(), reason="Sai.")
    publishing.reopen(public, by=editor, at=timezone.now())

    for article in (draft, public):
        client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"})

    assert list(Article.objects.all()) == [public]


def test_the_list_is_searched_without_marks_and_asks_a_constant_number_of_questions(
    client, editor, django_assert_max_num_queries
):
    for number in range(12):
        ArticleFactory(author=editor, title=f"Hội thi số {number}", unit=editor.unit)

    with django_assert_max_num_queries(14):
        found = page(client.get(f"{LIST}?q=hoi thi"))

    assert "Hội thi số 11" in found
    assert "Hội thi số" not in page(client.get(f"{LIST}?q=do luong"))


def test_what_could_be_written_better_is_said_and_stops_nobody(client, editor):
    article = ArticleFactory(author=editor)
    title = "HỘI THI TÌM HIỂU CẢI CÁCH HÀNH CHÍNH"
    body = '<p>Xem <a href="https://example.org/">tại đây</a>.</p>'

    read = page(client.post(address(article), posted(article, title=title, body=body), follow=True))

    assert "Viết tiêu đề bằng chữ thường" in read
    assert "Thay chữ “tại đây”" in read
    assert Article.objects.get().title == title


def test_a_cover_is_one_that_the_writer_may_see(client):
    unit = UnitFactory()
    writer = UserFactory(role=roles.UNIT, unit=unit)
    client.force_login(writer)
    foreign, own = ImageFactory(uploaded_by=UserFactory()), ImageFactory(uploaded_by=writer)
    article = ArticleFactory(author=writer, unit=unit)

    refused = page(
        client.post(address(article), posted(article, cover=foreign.pk, cover_alt="Đổi", _new_cover=foreign.pk))
    )
    article.refresh_from_db()
    foreign.refresh_from_db()

    assert "errorlist" in refused
    assert article.cover is None
    assert foreign.alt != "Đổi"

    client.post(address(article), posted(article, cover=own.pk))
    article.refresh_from_db()

    assert article.cover == own


def test_what_waits_for_its_time_is_not_shown_to_other_units(client, editor, approver):
    article = ArticleFactory(author=editor, title="Bài chờ đến ngày")
    publishing.submit(article, by=editor, at=timezone.now())
    publishing.publish(article, by=approver, at=timezone.now(), publish_at=timezone.now() + timedelta(days=2))
    client.force_login(UserFactory(role=roles.UNIT, unit=UnitFactory()))

    assert "Bài chờ đến ngày" not in page(client.get(LIST))
    assert client.get(address(article)).status_code == 302
