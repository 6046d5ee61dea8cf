"""The saved states of an article: what changed from one to the other, and how to take one back."""

from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import reversion
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from reversion.models import Version

from news import publishing
from news.models import Article, Placement
from portal.comparing import Change, changed_passages, label, moment, shown
from portal.models import User

# The content, in the order of the form.
FIELDS = (
    "kind",
    "title",
    "lead",
    "body",
    "cover",
    "section",
    "tags",
    "featured",
    "procedures",
    "documents",
    "changes",
    "source",
    "unit",
    "publish_at",
    "unpublish_at",
)
_MANY = frozenset({"tags", "procedures", "documents", "changes"})
_PLACEMENTS = "Đăng ở kênh khác"


@dataclass(frozen=True)
class Snapshot:
    """An article and its rows at one moment, not tied to what is stored now."""

    values: dict[str, Any]  # keys of related rows, as Django's `attname`
    placements: list[Placement]


class NotRestorable(Exception):
    """The state cannot be stored; the message says why, in Vietnamese."""


def register() -> None:
    """Register the models once."""
    if not reversion.is_registered(Article):
        reversion.register(Placement)
        reversion.register(Article, follow=["placements"])


def versions(pk: int) -> models.QuerySet[Version]:
    """Return the saved states of the article, the latest first."""
    found = Version.objects.get_for_object_reference(Article, pk)
    return found.select_related("revision__user").order_by("-pk")


def at_edit(article: Article, edit_number: int) -> Version | None:
    """Return the state that a save of this number left."""
    # Only the last few can be asked for: a form is not open for long.
    recent = versions(article.pk)[:50]
    return next((one for one in recent if one.field_dict.get("edit_number") == edit_number), None)


def snapshot(version: Version) -> Snapshot:
    placements = [Placement(**one.field_dict) for one in version.revision.version_set.get_for_model(Placement)]
    return Snapshot(dict(version.field_dict), [one for one in placements if one.article_id == int(version.object_id)])


def stored(article: Article) -> Snapshot:
    """Return the article as it is stored now."""
    values = {field.attname: getattr(article, field.attname) for field in article._meta.concrete_fields}
    values |= {name: list(getattr(article, name).values_list("pk", flat=True)) for name in _MANY}
    return Snapshot(values, list(article.placements.all()))


def compare(old: Snapshot, new: Snapshot) -> list[Change]:
    """Return the parts that differ, in the order of the form."""
    before, after = _described(old), _described(new)
    return [Change(part, changed_passages(before[part], after[part])) for part in before if before[part] != after[part]]


def restore(version: Version, *, by: User, at: datetime) -> list[str]:
    """Store the content as it was in this state, as a new save.

    The state of approval and the address stay as they are now. Return sentences about what could not
    be brought back, because it is gone.
    """
    was = snapshot(version)
    with transaction.atomic(), reversion.create_revision():
        article = Article.objects.select_for_update().get(pk=version.object_id)
        if not publishing.may_edit(by, article):
            raise NotRestorable("Bài này đang ở trạng thái không sửa được nên không khôi phục được bản cũ.")
        if article.status == publishing.Status.PUBLISHED:
            raise NotRestorable("Bài đã duyệt đăng thì gỡ xuống và soạn lại trước, rồi khôi phục bản cũ.")
        lost = _store(article, was, at)
        comment = f"Khôi phục bản lưu lúc {moment(version.revision.date_created)}."
        reversion.set_comment(comment)
        reversion.set_user(by)
        reversion.set_date_created(at)
        reversion.add_to_revision(article)
        LogEntry.objects.log_actions(by.pk, [article], CHANGE, comment, single_object=True)
    return lost


def _store(article: Article, was: Snapshot, at: datetime) -> list[str]:
    lost = []
    for name in FIELDS:
        field: Any = Article._meta.get_field(name)
        if name in _MANY:
            there = field.related_model._default_manager.filter(pk__in=was.values.get(name) or [])
            if len(there) < len(was.values.get(name) or []):
                lost.append(f"{label(field)}: có dòng nay không còn nên để trống.")
            getattr(article, name).set(there)
            continue
        if field.attname not in was.values:
            continue
        value = was.values[field.attname]
        if isinstance(field, models.ForeignKey) and value and not _is_there(field, value):
            lost.append(f"{label(field)} nay không còn.")
            continue
        setattr(article, field.attname, value)
    article.changed_at = at
    article.edit_number += 1
    article.save()
    article.placements.exclude(pk__in=[one.pk for one in was.placements]).delete()
    for placement in was.placements:
        placement.save()
    return lost


def _is_there(field: Any, pk: Any) -> bool:
    return field.related_model._default_manager.filter(pk=pk).exists()


def _described(one: Snapshot) -> dict[str, list[str]]:
    described = {}
    for name in FIELDS:
        field: Any = Article._meta.get_field(name)
        value = one.values.get(name if name in _MANY else field.attname)
        described[label(field)] = lines(name, value)
    described[_PLACEMENTS] = [f"{row.get_channel_display()}: {row} {row.url}".strip() for row in one.placements]
    return described


def lines(name: str, value: Any) -> list[str]:
    """Return the value of a field as lines of text; related rows by their keys or themselves."""
    field: Any = Article._meta.get_field(name)
    if name == "body":
        return body_lines(value or "")
    if name in _MANY:
        keys = [getattr(row, "pk", row) for row in value or []]
        return sorted(str(row) for row in field.related_model._default_manager.filter(pk__in=keys))
    if isinstance(value, models.Model):
        value = value.pk
    row = Article(**{field.attname: value})
    names = {}
    if isinstance(field, models.ForeignKey) and value:
        found = field.related_model._default_manager.filter(pk=value)
        names = {(field.related_model, other.pk): str(other) for other in found}
    return shown(row, field, names).splitlines()


class _Lines(HTMLParser):
    """Reads the body as a person compares it: a line a block, headings, links and pictures named."""

    _BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "tr", "figcaption", "blockquote", "figure", "table", "ul", "ol"})
    _MARKS = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• "}

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in self._BLOCKS:
            self.lines.append(self._MARKS.get(tag, ""))
        elif tag == "br":
            self.lines.append("")
        elif tag in {"td", "th"}:
            self.lines[-1] += " | "
        elif tag == "img":
            self.lines[-1] += f"[Ảnh: {given.get('alt') or given.get('src') or ''}]"
        elif tag == "a":
            self._links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links and (link := self._links.pop()):
            self.lines[-1] += f" ({link})"
        elif tag in self._BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += " ".join(data.split("\n"))


def body_lines(html: str) -> list[str]:
    """Return the body as lines of text."""
    reader = _Lines()
    reader.feed(html)
    reader.close()
    return [
        text for line in reader.lines if (text := " ".join(line.split())) and text not in {"•", "##", "###", "####"}
    ]
