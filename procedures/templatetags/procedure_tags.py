"""What the pages of procedures need and other pages do not."""

from collections.abc import Collection
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.search import highlight, snippet
from portal.search_index import words
from portal.templatetags.vietnamese import NBSP, bound, joined, running, with_codes_whole
from portal.text import fold
from procedures import forms_in_force, prose, wording
from procedures.listing import PASSAGE_PARTS
from procedures.models import DossierItem, FormFile, LegalBasis, LegalDocument, Procedure, ProcedureChange
from procedures.pages import ProcedurePage

register = template.Library()
# A longer number is no code but a sentence, and would not fit a phone.
NUMBER_LENGTH = 30


@register.filter
def status_on(procedure: Procedure, on: date) -> wording.Status:
    return wording.status(procedure, on)


@register.filter
def change_tag(change: ProcedureChange) -> wording.Status:
    return wording.change_tag(change)


@register.filter
def change_sentence(change: ProcedureChange) -> str:
    return wording.change_sentence(change)


@register.filter
def change_sentence_for(change: ProcedureChange, procedure: Procedure) -> str:
    """Return the sentence as the page of the procedure says it: it may be the one that took another's place."""
    if change.successor_id == procedure.pk:
        return f"Thay thế thủ tục “{change.procedure.title}”."
    return wording.change_sentence(change)


@register.filter
def time_line(procedure: Procedure) -> SafeString:
    """Return the sentence on the time limit for a line of a list."""
    if summary := wording.time_summary(procedure.methods.all()):
        return format_html("Thời hạn <b>{}</b>.", joined(summary))
    return format_html("Thời hạn: {}.", wording.UNKNOWN.lower())


@register.filter
def fee_line(procedure: Procedure, on: date) -> SafeString:
    """Return the sentence on the fees of the day for a line of a list."""
    summary = wording.fee_summary(fee for fee in procedure.fees.all() if fee.is_valid(on))
    if summary == wording.FREE:
        return format_html("{}.", summary)
    if summary == wording.UNKNOWN:
        return format_html("Phí: {}.", summary.lower())
    if summary.startswith(("Phí", "Lệ phí")):
        return format_html("<b>{}</b>.", joined(summary))
    return format_html("Phí <b>{}</b>.", joined(wording.uncapital(summary)))


@register.filter
def channel_line(procedure: Procedure) -> str:
    """Return the sentence on how to file for a line of a list."""
    summary = wording.channel_summary(procedure.methods.all())
    return f"Nộp {summary}." if summary else ""


@register.filter
def prose_html(text: str) -> SafeString:
    """Return the plain text of a record as paragraphs and lists."""
    return prose.to_html(prose.blocks(text))


@register.filter
def blocks_html(blocks: list[prose.Block]) -> SafeString:
    return prose.to_html(blocks)


@register.filter
def listed_html(text: str) -> SafeString:
    """Return a part whose lines are separate things (results): a list as soon as there are two."""
    return prose.to_html(prose.listed(text))


@register.filter
def paper_html(text: str) -> SafeString:
    """Return a paper's name, with the list that may stand under it."""
    first, rest = prose.opening(text)
    return format_html("{}{}", running(first), prose.to_html(rest))


@register.filter
def quantity(item: DossierItem) -> str:
    return wording.quantity(item)


@register.filter
def form_facts(form: FormFile) -> str:
    """Return what is known of a form's file: "DOCX, 38 KB"."""
    address = form.file.name or "" if form.file else urlsplit(form.url).path
    kind = PurePosixPath(address).suffix or PurePosixPath(form.name).suffix
    facts = [kind[1:].upper()] if 2 <= len(kind) <= 5 else []
    if size := _size(form):
        facts.append(size)
    return ", ".join(facts)


@register.filter
def form_label(form: FormFile) -> str:
    """Return what a form's link says: "Tải mẫu đơn (DOCX, 38 KB)"."""
    facts = form_facts(form)
    return f"Tải mẫu đơn ({facts})" if facts else "Tải mẫu đơn"


@register.filter
def form_url(form: FormFile) -> str:
    return forms_in_force.file_address(form)


@register.filter
def form_address(form: FormFile, page: ProcedurePage) -> str:
    return page.form_address(form)


@register.filter
def basis(legal_basis: LegalBasis) -> SafeString:
    """Return a legal document with its number on one line, which leads to its page, and its title."""
    document = legal_basis.document
    if document.title and fold(document.number) in fold(document.title):
        return _linked(document, running(document.title))
    breakable = len(document.number) > NUMBER_LENGTH
    number = format_html("{}" if breakable else '<span class="nowrap">{}</span>', document.number)
    linked = _linked(document, number)
    return format_html("{}: {}", linked, running(document.title)) if document.title else linked


def _linked(document: LegalDocument, text: SafeString) -> SafeString:
    return format_html('<a href="{}">{}</a>', document.get_absolute_url(), text) if document.slug else text


@register.filter
def marked(text: str, terms: Collection[str] | None) -> SafeString:
    """Return a name with the searched words marked; without a search as any other name."""
    return with_codes_whole(bound(text), partial(highlight, terms=terms)) if terms else joined(text)


@register.filter
def is_named_by(procedure: Procedure, typed: Collection[str] | None) -> bool:
    """Whether all that was typed stands in the title, so that no passage need show it."""
    return typed is None or set(words(procedure.title)).issuperset(typed)


@register.filter
def passage(procedure: Procedure, terms: Collection[str]) -> SafeString:
    """Return the passage of the record where most of the searched words are."""
    parts = [getattr(procedure, part) for part in PASSAGE_PARTS]
    parts += [item.name for item in procedure.items.all()]
    return snippet(" · ".join(dict.fromkeys(filter(None, parts))), terms)


def _size(form: FormFile) -> str:
    if not form.file:
        return ""
    try:
        return filesizeformat(form.file.size).replace(" ", NBSP)
    except OSError:  # the row is there, its file is not
        return ""
