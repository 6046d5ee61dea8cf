"""How documents are named, dated and offered for download."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from pathlib import PurePosixPath

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.search import highlight
from portal.templatetags.vietnamese import NBSP, running, viet_date, with_codes_whole
from procedures import documents, wording
from procedures.models import DocumentFile, LegalDocument

register = template.Library()


@register.filter
def document_name(document: LegalDocument) -> str:
    return documents.name(document)


@register.filter
def document_status(document: LegalDocument, on: date) -> wording.Status:
    return documents.status(document, on)


@register.filter
def found_in(text: str, terms: Collection[str]) -> SafeString:
    """Return a title with the searched words marked; without a search as any other text."""
    return with_codes_whole(text, lambda piece: highlight(piece, terms)) if terms else running(text)


@register.filter
def issue_line(document: LegalDocument) -> SafeString | str:
    """Return the sentence on who issued a document and when; "" where neither is known."""
    day = (
        format_html('ngày <span class="nowrap">{}</span>', viet_date(document.issued_on)) if document.issued_on else ""
    )
    if document.issuer and day:
        return format_html("{} ban hành {}.", document.issuer, day)
    if document.issuer:
        return format_html("Cơ quan ban hành: {}.", document.issuer)
    return format_html("Ban hành {}.", day) if day else ""


@register.filter
def document_facts(document: LegalDocument) -> Iterator[tuple[str, str]]:
    """Yield what one asks of a document first, unknown things said to be so."""
    yield "Ngày ban hành", viet_date(document.issued_on) or wording.UNKNOWN
    yield "Cơ quan ban hành", document.issuer or wording.UNKNOWN
    yield "Có hiệu lực từ ngày", viet_date(document.valid_from) or wording.UNKNOWN
    if document.checked_on and not document.valid_to:
        yield "Kiểm tra hiệu lực ngày", viet_date(document.checked_on)
    else:
        yield "Có hiệu lực đến hết ngày", viet_date(document.valid_to) or wording.UNKNOWN


@register.filter
def file_label(file: DocumentFile) -> str:
    """Return what a file's link says: "Tải tệp (PDF, 1,2 MB)"."""
    facts = [PurePosixPath(file.file.name or "").suffix[1:].upper()]
    with suppress(OSError):  # the row is there, its file is not
        facts.append(filesizeformat(file.file.size).replace(" ", NBSP))
    return f"Tải tệp ({', '.join(filter(None, facts))})"
