"""A draft article from each published decision on procedures: what people read about is the decision.

The draft waits for the centre's editors without an author; whoever hands it in becomes its author. All
changes of one decision are told in one article, so that twenty amendments are not twenty articles.
"""

from collections.abc import Sequence
from datetime import datetime

import reversion
from django.db import transaction
from django.utils.html import format_html, format_html_join

from news.models import Article, Section
from portal import richtext
from portal.templatetags.vietnamese import viet_date
from procedures import wording
from procedures.models import Decision, ProcedureChange

# Where people look for what a document changes; the address of a section is never changed.
SECTION = "pho-bien-van-ban"
TITLE_LENGTH = 200
Kind = ProcedureChange.Kind
TITLES = {
    Kind.NEW: "Thủ tục mới",
    Kind.AMENDED: "Sửa đổi, bổ sung thủ tục",
    Kind.REPLACED: "Thay thế thủ tục",
    Kind.REPEALED: "Bãi bỏ thủ tục",
    Kind.PROCESS: "Thay đổi quy trình giải quyết thủ tục",
    Kind.FEE: "Thay đổi phí, lệ phí của thủ tục",
    Kind.PRICE: "Thay đổi giá dịch vụ của thủ tục",
}


def draft_for(change: ProcedureChange, *, at: datetime) -> Article | None:
    """Write the draft about the change's decision, unless some article tells of it already.

    Each change of a decision asks for it once, after all of them are published, so the first one writes
    about all. None where nothing is to be written.
    """
    decision = Decision.objects.select_related("document").get(pk=change.decision_id)
    if Article.objects.filter(changes__decision=decision).exists():
        return None
    section = Section.objects.filter(slug=SECTION).first() or Section.objects.filter(active=True).first()
    if section is None:
        return None
    changes = list(decision.changes.for_list().order_by("order", "pk"))
    with transaction.atomic(), reversion.create_revision():
        reversion.set_comment("Soạn sẵn từ thay đổi thủ tục đã công bố.")
        reversion.set_date_created(at)
        article = Article(section=section, created_at=at, changed_at=at, kind=Article.Kind.NEWS)
        article.title = _title(decision, changes)
        article.lead = _lead(decision, changes)
        article.body = _body(decision, changes)
        article.reading_minutes = richtext.reading_minutes(article.body)
        article.save()
        article.changes.set(changes)
        article.procedures.set({one.procedure for one in changes})
        article.documents.set([decision.document])
    return article


def _title(decision: Decision, changes: Sequence[ProcedureChange]) -> str:
    if len(changes) == 1:
        title = f"{TITLES[Kind(changes[0].kind)]}: {changes[0].procedure.title}"
        return title if len(title) <= TITLE_LENGTH else TITLES[Kind(changes[0].kind)]
    procedures = len({change.procedure_id for change in changes})
    return f"{procedures} thủ tục hành chính thay đổi theo Quyết định {decision.document.number}"


def _lead(decision: Decision, changes: Sequence[ProcedureChange]) -> str:
    first = min(change.effective_on for change in changes)
    if len(changes) == 1:
        return f"{wording.change_sentence(changes[0])} Áp dụng từ ngày {viet_date(first)}."
    days = {change.effective_on for change in changes}
    when = f"áp dụng từ ngày {viet_date(first)}" if len(days) == 1 else f"sớm nhất từ ngày {viet_date(first)}"
    return f"Quyết định {decision.document.number} có {len(changes)} thay đổi về thủ tục hành chính, {when}."


def _body(decision: Decision, changes: Sequence[ProcedureChange]) -> str:
    document = decision.document
    issued = f" ngày {viet_date(document.issued_on)}" if document.issued_on else ""
    issuer = f" của {document.issuer}" if document.issuer else ""
    rows = format_html_join(
        "",
        '<li><a href="{}">{}</a> ({}): {} Áp dụng từ ngày {}.</li>',
        (
            (
                _address(change),
                change.procedure.title,
                wording.uncapital(change.get_kind_display()),
                wording.change_sentence(change),
                viet_date(change.effective_on),
            )
            for change in changes
        ),
    )
    return format_html(
        "<p>Theo Quyết định {}{}{}, thủ tục hành chính thay đổi như sau:</p><ul>{}</ul>"
        "<p>Trang của từng thủ tục cho biết giấy tờ cần nộp, nơi nộp, thời hạn và phí đang áp dụng.</p>",
        document.number,
        issued,
        issuer,
        rows,
    )


def _address(change: ProcedureChange) -> str:
    return change.get_absolute_url() if change.procedure.code else "/thay-doi/"
