"""What an article must have before others read it, and what is told of it."""

from collections.abc import Iterable

from news import pictures
from news.models import Article, Tag
from news.publishing import asks, free_slug
from portal import richtext
from portal.steps import Problem
from portal.text import fold

TITLE_LENGTH, LEAD_LENGTH = 90, 300  # letters; longer ones are told, not refused


@asks(Article)
def problems(article: Article) -> Iterable[Problem]:
    """Ask for what the lists and the page show of every article (plan II.2)."""
    if not article.title.strip():
        yield Problem("Ghi tiêu đề.", "title")
    if not article.lead.strip():
        yield Problem("Ghi tóm tắt một hai câu; tóm tắt đứng đầu bài và trong danh sách.", "lead")
    if article.section_id is None:
        yield Problem("Chọn chuyên mục.", "section")
    if is_empty(article.body):
        yield Problem("Viết nội dung bài.", "body")
    if article.cover and not (article.cover.alt or article.cover.decorative):
        yield Problem("Mô tả ảnh đại diện trong một câu, hoặc chọn “ảnh trang trí”.", "cover_alt")
    if missing := len(pictures.missing_alt(article.body)):
        yield Problem(f"Ghi mô tả cho {missing} ảnh trong bài: bấm đúp vào ảnh rồi điền ô mô tả.", "body")


def warnings(article: Article) -> Iterable[str]:
    """Return what an editor may want to write otherwise; nothing of it stands in the way."""
    if len(article.title) > TITLE_LENGTH:
        yield f"Tiêu đề dài {len(article.title)} chữ cái, nên không quá {TITLE_LENGTH}."
    if richtext.shouting(article.title):
        yield "Viết tiêu đề bằng chữ thường, chỉ viết hoa đầu câu và tên riêng."
    yield from richtext.warnings(article.body)


def tags(names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names, made where there is none; marks and capitals make no new one."""
    known = {fold(tag.name): tag for tag in Tag.objects.all()}
    found = []
    for name in names:
        tag = known.get(fold(name))
        if tag is None:
            # Somebody else may make it at this moment.
            tag, _ = Tag.objects.get_or_create(name=name, defaults={"slug": free_slug(name, Tag.objects.all())})
            known[fold(name)] = tag
        found.append(tag)
    return found


def is_empty(html: str) -> bool:
    """Tell whether there is neither a word nor a picture."""
    return not richtext.plain(html).strip() and "<img" not in html
