import re
import timeit
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from news.models import Article
from portal import richtext
from portal.richtext import Sanitised, plain, reading_minutes, sanitise, shouting, shown, vague_links, warnings, words
from tests.factories import ArticleFactory
from tests.portal.xss_payloads import PAYLOADS

PASTED = Path(__file__).parents[1] / "data" / "pasted"
PICTURE = "/media/anh/0a1b2c/800.jpg"

# What may be in stored text, written down here once more so that a slip in the allow-list is seen.
MAY_STAND = {
    "a": {"href", "rel"},
    "blockquote": set(),
    "br": set(),
    "caption": set(),
    "div": {"class"},
    "em": set(),
    "figcaption": set(),
    "figure": {"class"},
    "h2": {"class"},
    "h3": {"class"},
    "h4": {"class"},
    "hr": set(),
    "img": {"src", "alt", "width", "height", "class"},
    "li": set(),
    "ol": {"start", "type"},
    "p": {"class"},
    "s": set(),
    "strong": set(),
    "sub": set(),
    "sup": set(),
    "table": set(),
    "tbody": set(),
    "td": {"colspan", "rowspan", "class"},
    "tfoot": set(),
    "th": {"colspan", "rowspan", "scope", "class"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
VOID = {"br", "hr", "img"}
MAY_CLASSES = {
    *("text-center", "text-right", "align-left", "align-right", "image", "wide", "indent-1", "indent-2", "indent-3")
}
MAY_VALUES = {
    "href": r"https?://[^/\s].*|mailto:[^:\s]+|tel:[+\d.()-]+|(?![a-z][a-z0-9+.-]*:|//)[^\s\\]*",
    "src": r"/media/anh/[A-Za-z0-9_/-]+\.(?:jpe?g|png|webp)",
    "width": r"\d{1,4}",
    "height": r"\d{1,4}",
    "rel": r"noopener",
    "colspan": r"\d{1,2}",
    "rowspan": r"\d{1,3}",
    "scope": r"(?:col|row)(?:group)?",
    "start": r"\d{1,4}",
    "type": r"[aAiI]",
    "alt": r".*",
}


class Checker(HTMLParser):
    """Fails on whatever is not plainly harmless and well-formed."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.tags = []

    def handle_starttag(self, tag, attrs):
        assert tag in MAY_STAND, tag
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        for name, value in attrs:
            assert name in MAY_STAND[tag], f"{tag} {name}"
            if name == "class":
                assert set(value.split()) <= MAY_CLASSES, value
            else:
                assert re.fullmatch(MAY_VALUES[name], value, re.IGNORECASE | re.DOTALL), f"{name}={value!r}"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(f"comment {data!r}")

    def handle_decl(self, decl):
        raise AssertionError(f"declaration {decl!r}")

    handle_pi = unknown_decl = handle_decl


def check(html):
    """Fail unless the HTML is harmless; return its tags."""
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    return checker.tags


def pasted(name):
    return (PASTED / name).read_text(encoding="utf-8")


# Safe


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_becomes_harmless(payload):
    check(sanitise(payload))
    check(sanitise(f"<p>Trước {payload} sau</p>"))


def test_all_payloads_together_become_harmless():
    check(sanitise("\n".join(PAYLOADS)))
    check(sanitise("".join(reversed(PAYLOADS))))


@pytest.mark.django_db
def test_what_is_stored_is_harmless_by_whatever_way_it_came():
    saved = ArticleFactory(body="".join(PAYLOADS))
    updated, bulk = ArticleFactory(), ArticleFactory()
    Article.objects.filter(pk=updated.pk).update(body="<script>xss()</script>a")
    bulk.body = "<p onclick=xss()>b</p>"
    Article.objects.bulk_update([bulk], ["body"])

    check(Article.objects.get(pk=saved.pk).body)
    assert saved.body == Article.objects.get(pk=saved.pk).body
    assert Article.objects.get(pk=updated.pk).body == "<p>a</p>"
    assert Article.objects.get(pk=bulk.pk).body == "<p>b</p>"


@pytest.mark.django_db
def test_stored_text_can_be_searched_for_a_part_of_it():
    article = ArticleFactory(body="<p>Kê khai giá</p>")

    assert list(Article.objects.filter(body__contains="khai giá")) == [article]


def test_text_of_a_form_is_sanitised_before_it_is_shown():
    unsaved = Article(body="<p>a</p><script>xss()</script>")

    assert not isinstance(unsaved.body, Sanitised)
    assert shown(unsaved.body) == "<p>a</p>"


@pytest.mark.django_db
def test_stored_text_that_was_changed_is_sanitised_again_before_it_is_shown():
    body = Article.objects.get(pk=ArticleFactory(body="<p>a</p>").pk).body

    assert isinstance(body, Sanitised)
    assert not isinstance(body + "<script>xss()</script>", Sanitised)
    assert shown(body.replace("a", "<img src=x onerror=xss()>")) == ""


def test_no_way_of_putting_stored_text_into_a_template_skips_escaping():
    assert not hasattr(sanitise("<p>a</p>"), "__html__")


def test_links_cannot_reach_back_to_the_page():
    assert (
        sanitise('<a href="https://a.vn" target="_blank">a</a>') == '<p><a href="https://a.vn" rel="noopener">a</a></p>'
    )


@pytest.mark.parametrize(
    "address", ["https://dichvucong.gov.vn/p?a=1#b", "mailto:so@a.vn", "tel:+84254385", "/tin-tuc/", "trang.html"]
)
def test_links_of_these_kinds_stay(address):
    assert f'href="{address}"' in sanitise(f'<a href="{address}">a</a>')


def test_a_link_of_no_known_kind_leaves_its_words():
    assert sanitise('<p>Xem <a href="javascript:xss()">danh mục</a></p>') == "<p>Xem danh mục</p>"


def test_only_our_own_pictures_stay(settings):
    settings.BASE_URL = "https://so.vn"
    own = f'<p><img src="{PICTURE}" alt="Cán bộ &quot;Một cửa&quot;" width="800" height="450"></p>'

    assert sanitise(own) == own
    assert sanitise(f'<img src="https://so.vn{PICTURE}" alt="">') == f'<p><img src="{PICTURE}" alt=""></p>'
    assert sanitise('<p>a<img src="https://a.vn/b.jpg"></p>') == "<p>a</p>"


def test_a_video_becomes_a_link_to_it():
    frame = '<iframe src="https://www.youtube.com/embed/abcdefghij_?rel=0" title="Lớp tập huấn"></iframe>'

    assert sanitise(frame) == (
        '<p><a href="https://www.youtube.com/watch?v=abcdefghij_" rel="noopener">Lớp tập huấn</a></p>'
    )


# Plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("một dòng", "<p>một dòng</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>&nbsp;</p><p>a&nbsp;&nbsp; b &nbsp;</p><p><br></p>", "<p>a b</p>"),
        ("<p>Điều\u00a08</p>", "<p>Điều&nbsp;8</p>"),
        ("<h1>A</h1><h2>B</h2><h6>C</h6>", "<h2>A</h2><h3>B</h3><h4>C</h4>"),
        ("<h2><b>A</b></h2>", "<h2>A</h2>"),
        ("<h3><br></h3>a", "<p>a</p>"),
        ("<b>a <i>b</b> c</i>", "<p><strong>a <em>b</em></strong><em> c</em></p>"),
        ("a<br><br>b<br>c", "<p>a</p><p>b<br>c</p>"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<ul><li>a</li><ol><li>b</li></ol></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ('<ol start="3"><li><p>a</p></li></ol>', '<ol start="3"><li>a</li></ol>'),
        ("<p style='text-align: center'>a</p>", '<p class="text-center">a</p>'),
        ("<p style='text-align: justify'>a</p>", "<p>a</p>"),
        ("<p align=right>a</p>", '<p class="text-right">a</p>'),
        ("<div align=center><p>a</p></div>", '<p class="text-center">a</p>'),
        ("<p style='margin-left:72.0pt'>a</p>", '<p class="indent-2">a</p>'),
        ("<span style='font-weight:700'>a</span>", "<p><strong>a</strong></p>"),
        ("<b style='font-weight:normal'>a</b>", "<p>a</p>"),
        ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
        ("H<sub>2</sub>O, m<sup>2</sup>", "<p>H<sub>2</sub>O, m<sup>2</sup></p>"),
        ("1 &lt; 2 &amp; 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("a\u200bb\u202ec\x00", "<p>abc</p>"),
        ("", ""),
    ],
)
def test_markup_is_read_for_what_it_means(typed, kept):
    assert sanitise(typed) == kept


def test_a_figure_keeps_its_side_and_its_caption():
    picture = f'<img src="{PICTURE}" alt="a"><figcaption>Ảnh: Văn phòng</figcaption>'
    figure = f'<figure class="align-right image">{picture}</figure>'

    assert sanitise(figure) == figure
    assert sanitise(figure.replace('class="align-right image"', 'class="image x" style="float: right"')) == figure


def test_a_figure_in_the_middle_stands_as_the_editor_knows_it():
    figure = f'<div class="text-center"><figure class="image"><img src="{PICTURE}" alt="a"></figure></div>'

    assert sanitise(figure) == figure
    assert sanitise(figure.replace('class="text-center"', 'style="text-align:center"')) == figure


def test_a_figure_without_our_picture_leaves_its_words():
    assert sanitise('<figure><img src="https://a.vn/b.jpg"><figcaption>a</figcaption></figure>') == "<p>a</p>"


def test_a_table_keeps_caption_heads_and_joined_cells():
    table = (
        "<table><caption>Phí</caption>"
        '<thead><tr><th scope="col">Việc</th><th colspan="2" scope="col">Mức</th></tr></thead>'
        '<tbody><tr><th rowspan="2" scope="row">Cấp</th><td></td><td class="text-right">1</td></tr>'
        "<tr><td>a<p>b</p></td><td>2</td></tr></tbody></table>"
    )

    assert sanitise(table) == table


def test_a_first_row_all_in_bold_becomes_the_head_of_a_table():
    rows = "<tr><td><b>A</b></td><td><b>B</b></td></tr>" + "<tr><td>1</td><td>2</td></tr>" * 2

    assert sanitise(f"<table>{rows}</table>").startswith(
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody><tr><td>1</td>'
    )


def test_text_between_the_rows_of_a_table_is_not_lost():
    assert "lạc" in plain(sanitise("<table>lạc<tr><td>a</table>"))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_text_from_word_becomes_clean_headings_lists_and_tables(form):
    html = sanitise(unicodedata.normalize(form, pasted("word.html")))

    check(html)
    assert html == (
        '<h2 class="text-center">Tập huấn kiểm soát thủ tục</h2>'
        "<p>Sáng ngày&nbsp;15/10, <strong>Văn phòng Sở</strong> mở lớp cho <em>cán bộ đầu mối</em>.</p>"
        "<h3>Nội dung</h3>"
        "<ol><li>Rà soát thủ tục<ul><li>Thời hạn</li></ul></li><li>Công khai kết quả</li></ol>"
        '<table><thead><tr><th scope="col" class="text-center">Lĩnh vực</th>'
        '<th colspan="2" scope="col" class="text-center">Số thủ tục</th></tr></thead>'
        '<tbody><tr><td rowspan="2">Đo lường</td><td>Trực tuyến</td><td class="text-right">12</td></tr>'
        '<tr><td>Trực tiếp</td><td class="text-right">3</td></tr></tbody></table>'
        '<p class="indent-1"><a href="https://dichvucong.gov.vn/" rel="noopener">Cổng Dịch vụ công quốc gia</a>'
        "<sup>[1]</sup></p>"
    )


def test_text_from_libreoffice_becomes_clean_headings_lists_and_tables():
    html = sanitise(pasted("libreoffice.html"))

    check(html)
    assert html == (
        '<h2>Tiếp nhận hồ sơ</h2><p class="text-center"><strong>Bộ phận Một cửa</strong></p>'
        '<ol><li>Nộp hồ sơ<ol type="a"><li>Trực tuyến</li><li>Bưu chính</li></ol></li><li>Nhận kết quả</li></ol>'
        '<table><thead><tr><th scope="col" class="text-center">Việc</th><th scope="col" class="text-center">Ngày</th>'
        "</tr></thead><tbody><tr><td>Thẩm định</td><td>5<sup>1</sup></td></tr></tbody></table>"
    )


# Steady

TAGS = [
    "p",
    "div",
    "b",
    "i",
    "a",
    "span",
    "h1",
    "h2",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "caption",
    "thead",
    "tr",
    "td",
    "th",
    "br",
    "hr",
    "blockquote",
    "figure",
    "figcaption",
    "font",
]
ATTRIBUTES = [
    "",
    ' style="text-align:center"',
    ' style="mso-list:l0 level2 lfo1"',
    ' style="mso-list:Ignore"',
    ' style="float:left;margin-left:1in"',
    ' href="/a"',
    ' href="https://a.vn/?b=1&c"',
    ' class="text-right image indent-1"',
    ' colspan="2" scope="row"',
    " x='\"'",
]
PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.just(f'<img src="{PICTURE}" alt="a">'),
    st.sampled_from(
        [" ", "\n", "&nbsp;", "\u0301", "\u0338", "&#824;", "&lt;", "&", "<", ">", '"', "<!--", "-->", "1."]
    ),
    st.text(max_size=5),
    st.sampled_from(PAYLOADS),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
@example("<b>a</b>&#824;b")
@example("<p> &#824;a")
@example("<td style='text-align:center'>a<p>b")
@example("<p>\u0301\u0338a<b> \u0301b</b>")
@example("<table><tr><td><li>a</table>b")
def test_sanitising_twice_is_sanitising_once_and_always_harmless(html):
    once = sanitise(html)

    check(once)
    assert sanitise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    "piece",
    [
        "<b>x",
        "<div>",
        "<blockquote>",
        "<table><tr><td>",
        "<ul><li>",
        "<font color=1><p>",
        "<",
        "</",
        '<a "',
        "<a a=",
        "<!--",
        "<![CDATA[",
        "&amp",
        "</p>",
        "<svg><p>",
        "<a href=x><b><table><i>",
        "<b>\u0301",
        "<p style='mso-list:l0 level9'>x",
        "<p>x</p>",
        "<br> ",
    ],
)
def test_time_grows_no_faster_than_the_text(piece):
    def seconds(size):
        html = piece * (size // len(piece))
        # The quickest of three, without the memory's own cleaning: whatever else the machine does only adds.
        return min(timeit.repeat(lambda: sanitise(html), timer=process_time, number=1, repeat=3))

    # Eight times the text takes some eight times as long; were it the square, it would be 64 times.
    assert seconds(160_000) < 32 * max(seconds(20_000), 0.02)


def test_no_depth_of_nesting_is_too_deep():
    html = sanitise("<blockquote>" * 20_000 + "a" + "</blockquote>" * 20_000)

    assert check(html).count("blockquote") <= 20
    assert plain(html) == "a"


# Read


def test_plain_text_has_a_line_for_each_block():
    html = "<h2>A &amp; B</h2><p>một <strong>hai</strong><br>ba</p><table><tr><td>1</td><td>2</td></tr></table>"

    assert plain(html) == "A & B\nmột hai\nba\n1 2"


def test_syllables_numbers_and_codes_are_counted_once():
    assert words("<p>Nghị định 63/2010/NĐ-CP, phí 1.200.000 đồng.</p>") == 6


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (200, 1), (310, 2), (1000, 5)])
def test_reading_takes_a_minute_for_200_syllables(count, minutes):
    assert reading_minutes("<p>" + "tin " * count + "</p>") == minutes


@pytest.mark.parametrize(
    "text", ["tại đây", "Xem tại đây", "xem  TẠI ĐÂY.", "đây", "Click here", "Xem thêm", "Chi tiết"]
)
def test_a_link_that_does_not_say_where_it_leads_is_told(text):
    assert vague_links(f'<p><a href="/x"><strong>{text}</strong></a></p>') == [text]


@pytest.mark.parametrize("text", ["Quyết định 12/QĐ-UBND", "Xem danh mục thủ tục", "Tại đây có lớp học"])
def test_a_link_that_says_where_it_leads_is_fine(text):
    assert vague_links(f'<p>Xem tại đây: <a href="/x">{text}</a></p>') == []


def test_writers_are_told_once_of_each_vague_link():
    told = warnings('<p><a href="/x">tại đây</a> <a href="/y">tại đây</a> <a href="/z">Danh mục</a></p>')

    assert len(told) == 1
    assert "“tại đây”" in told[0]


@pytest.mark.parametrize(
    ("title", "is_shouting"),
    [
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ TẬP HUẤN", True),
        ("TẬP HUẤN KIỂM SOÁT TTHC NĂM 2026", True),
        ("Tập huấn kiểm soát TTHC năm 2026", False),
        ("UBND tỉnh công bố TTHC", False),
        ("QĐ 12/QĐ-UBND", False),
        ("", False),
    ],
)
def test_a_title_in_capitals_is_noticed(title, is_shouting):
    assert shouting(title) is is_shouting


# Edit


def policy(response):
    return {name: values for name, *values in map(str.split, response.headers["Content-Security-Policy"].split(";"))}


def test_the_editor_may_write_into_its_own_pages_only(admin_client):
    article = ArticleFactory()
    editing = [reverse("admin:news_article_add"), reverse("admin:news_article_change", args=[article.pk])]
    other = [reverse("admin:index"), reverse("admin:news_article_changelist"), reverse("admin:news_section_add")]

    for address in editing:
        found = policy(admin_client.get(address))
        assert found["script-src"] == found["style-src"] == ["'self'", "'unsafe-inline'"]
        assert found["default-src"] == ["'self'"]
        assert "unsafe-eval" not in str(found)
    for address in other:
        assert "unsafe" not in str(policy(admin_client.get(address)))


def test_a_form_field_keeps_what_is_left_and_takes_empty_paragraphs_for_nothing():
    field = richtext.RichTextFormField()

    assert field.clean("<p onclick=xss()>a</p>") == "<p>a</p>"
    with pytest.raises(richtext.ValidationError, match=r"."):
        field.clean("<p>&nbsp;</p>")


def test_text_beyond_all_measure_is_refused():
    with pytest.raises(richtext.ValidationError, match="quá dài"):
        richtext.RichTextFormField().clean("a" * (richtext.MAX_LENGTH + 1))


def test_the_editor_sends_pictures_where_they_are_checked():
    html = (
        Article._meta.get_field("body").formfield().widget.render("body", "<p>a &amp; &lt;b&gt;</p>", {"id": "id_body"})
    )

    assert reverse("ckeditor_upload") in html
    assert "&lt;p&gt;a &amp;amp; &amp;lt;b&amp;gt;&lt;/p&gt;" in html
