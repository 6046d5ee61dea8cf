"""What an article must have before others read it, and what is told of it."""

from collections.abc import Iterable

from django.utils.html import strip_tags

from news.models import Article
from news.publishing import Problem, asks


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


def is_empty(html: str) -> bool:
    """Tell whether there is neither a word nor a picture."""
    return not strip_tags(html).replace("&nbsp;", " ").strip() and "<img" not in html
