from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news import column, publishing
from news.models import Article, Tag
from portal.models import SearchMiss
from tests.factories import PUBLISHED_AT, ArticleFactory, OrganisationFactory, SectionFactory
from tests.html import Page

pytestmark = pytest.mark.django_db

HOME = "/tin-tuc/"


def article(**values):
    return ArticleFactory(published=True, **values)


def read(client, address=HOME):
    response = client.get(address)
    assert response.status_code == 200
    return Page(response).text.replace("\u00a0", " ")


def links(client, address=HOME):
    return [attributes["href"] for attributes in Page(client.get(address)).all("a")]


def test_only_what_is_public_now_is_listed(client):
    now = timezone.now()
    article(title="Đang đăng")
    article(title="Hẹn giờ đăng", publish_at=now + timedelta(hours=1))
    article(title="Đã hết hạn đăng", unpublish_at=now - timedelta(hours=1))
    article(title="Đã gỡ", status="withdrawn")
    ArticleFactory(title="Bản nháp")

    text = read(client)

    assert "Đang đăng" in text
    for title in ("Hẹn giờ đăng", "Đã hết hạn đăng", "Đã gỡ", "Bản nháp"):
        assert title not in text


def test_an_article_appears_and_goes_when_its_moments_come():
    opens, closes = PUBLISHED_AT + timedelta(hours=1), PUBLISHED_AT + timedelta(hours=2)
    first = article()
    timed = article(publish_at=opens, unpublish_at=closes)

    def listed(at):
        return list(column.current(at).places)

    assert listed(PUBLISHED_AT) == [first.pk]
    assert listed(opens) == [timed.pk, first.pk]
    assert listed(closes) == [first.pk]


def test_a_withdrawn_article_leaves_the_list_at_once(client):
    wanted = article(title="Đăng nhầm")
    assert "Đăng nhầm" in read(client)

    publishing.withdraw(wanted, by=None, at=timezone.now(), reason="Đăng nhầm.")

    assert "Đăng nhầm" not in read(client)


def test_the_newest_stand_first_and_featured_ones_ahead_of_them(client):
    for days, title in enumerate(["Mới nhất", "Cũ hơn", "Nổi bật", "Cũ nhất"]):
        article(title=title, publish_at=PUBLISHED_AT - timedelta(days=days), featured=title == "Nổi bật")

    text = read(client)

    places = [text.index(title) for title in ("Nổi bật", "Mới nhất", "Cũ hơn", "Cũ nhất")]
    assert places == sorted(places)


def test_a_featured_article_is_listed_once(client):
    featured = article(featured=True)
    article()

    assert links(client).count(featured.get_absolute_url()) == 1


def test_twenty_articles_stand_on_a_page(client):
    for number in range(25):
        article(publish_at=PUBLISHED_AT - timedelta(days=number))

    assert sum("/tin-tuc/2026/" in link for link in links(client)) == 20
    assert sum("/tin-tuc/2026/" in link for link in links(client, f"{HOME}?trang=2")) == 5


def test_a_section_lists_its_own(client):
    wanted = article(title="Trong mục")
    article(title="Ngoài mục")

    text = read(client, wanted.section.get_absolute_url())

    assert "Trong mục" in text
    assert "Ngoài mục" not in text


def test_an_unknown_section_is_not_found(client):
    assert client.get("/tin-tuc/khong-co/").status_code == 404


def test_sections_are_links_in_the_offices_order(client):
    SectionFactory(name="Đã thôi dùng", slug="thoi-dung", active=False)

    found = [link for link in links(client) if link.count("/") == 3 and link.startswith(HOME)]

    assert found == [
        f"{HOME}{slug}/"
        for slug in (
            "tin-hoat-dong",
            "mo-hinh-cach-lam-hay",
            "ra-soat-tthc",
            "lay-y-kien-nguoi-dan",
            "pho-bien-van-ban",
            "hinh-anh",
        )
    ]


def test_months_are_links_with_their_number(client):
    article(publish_at=PUBLISHED_AT)
    article(publish_at=PUBLISHED_AT - timedelta(days=60), title="Tin tháng Chín")
    article(publish_at=PUBLISHED_AT - timedelta(days=61), title="Tin cũng tháng Chín")

    assert f"{HOME}?thang=2026-09" in links(client)
    text = read(client, f"{HOME}?thang=2026-09")
    assert "2 bài" in text
    assert "Tin tháng Chín" in text
    assert "Tháng 9/2026(2 bài)" in text


def test_a_month_begins_at_midnight_in_vietnam(client):
    # 1 November, 00:30 in Vietnam, is still October in UTC.
    article(publish_at=PUBLISHED_AT.replace(month=10, day=31, hour=17, minute=30), title="Tin đầu tháng")

    assert "Tin đầu tháng" in read(client, f"{HOME}?thang=2026-11")


@pytest.mark.parametrize("query", ["thang=2026-13", "thang=abc", "thang=٢٠٢٦-01", "tu-khoa=khong-co"])
def test_what_no_list_can_be_narrowed_to_is_not_found(client, query):
    assert client.get(f"{HOME}?{query}").status_code == 404


def test_a_tag_leads_to_what_has_it(client):
    tagged = article(title="Có từ khóa")
    tagged.tags.add(Tag.objects.create(name="Một cửa", slug="mot-cua"))
    article(title="Bài kia")

    text = read(client, f"{HOME}?tu-khoa=mot-cua")

    assert "Có từ khóa" in text
    assert "Bài kia" not in text
    assert f"{HOME}?tu-khoa=mot-cua" in links(client, tagged.get_absolute_url())


def test_a_narrowed_list_is_kept_out_of_search_engines(client):
    article()

    assert Page(client.get(f"{HOME}?thang=2026-11")).all("meta", name="robots", content="noindex, follow")
    assert not Page(client.get(HOME)).all("meta", name="robots")


def test_an_empty_column_says_what_will_be_there(client):
    assert "Khi Sở đăng tin, bài, danh sách sẽ có ở đây." in read(client)


def test_an_empty_month_offers_all_articles(client):
    article()

    assert "Không có bài nào theo điều kiện đã chọn" in read(client, f"{HOME}?thang=2020-01")
    assert HOME in links(client, f"{HOME}?thang=2020-01")


def test_words_are_found_with_and_without_marks(client):
    article(title="Quầy hướng dẫn ở Bộ phận Một cửa")
    article(title="Kiểm định phương tiện đo", body="<p>Cân đồng hồ.</p>")

    text = read(client, f"{HOME}?q=quay+huong+dan")

    assert "1 bài với từ “quay huong dan”" in text
    assert "Quầy hướng dẫn" in text


def test_what_is_found_nowhere_is_noted_for_the_editors(client):
    OrganisationFactory()

    text = read(client, f"{HOME}?q=khong+co+bai+nao")

    assert "Không tìm thấy bài nào với từ “khong co bai nao”" in text
    assert SearchMiss.objects.get().query == "khong co bai nao"


def test_an_address_without_empty_fields_is_the_one_to_pass_on(client):
    assert client.get(f"{HOME}?q=").headers["Location"] == HOME


@pytest.mark.parametrize("address", [HOME, f"{HOME}?trang=2", f"{HOME}?thang=2026-11"])
def test_the_queries_do_not_grow_with_the_articles(client, address):
    def queries():
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address)
        return len(captured)

    ArticleFactory.create_batch(3, published=True)
    few = queries()
    ArticleFactory.create_batch(50, published=True)

    assert queries() == few
    assert few <= 5


def test_the_bodies_of_articles_are_not_read_for_a_list(client):
    article()
    client.get(HOME)

    with CaptureQueriesContext(connection) as captured:
        client.get(HOME)

    assert not [query["sql"] for query in captured if '"body"' in query["sql"]]


def test_no_cookie_is_set(client):
    response = client.get(HOME)

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_home_shows_the_three_latest(client):
    OrganisationFactory()
    for days, title in enumerate(["Thứ nhất", "Thứ hai", "Thứ ba", "Thứ tư"]):
        article(title=title, publish_at=PUBLISHED_AT - timedelta(days=days))

    text = read(client, "/")

    assert "Thứ ba" in text
    assert "Thứ tư" not in text


def test_home_says_nothing_of_news_where_there_is_none(client):
    OrganisationFactory()

    assert "Tin cải cách hành chính" not in read(client, "/")


def test_the_latest_are_read_by_an_index():
    plan = Article.objects.published(timezone.now()).newest_first().values_list("pk")[:3].explain()

    assert "index" in plan.casefold()


def test_the_menu_leads_to_the_news(client):
    OrganisationFactory()

    assert reverse("news:home") in links(client, "/")
