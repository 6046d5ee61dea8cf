"""`manage.py demonstrate_change`: publish a decision of every kind for tomorrow, and tell what the site says."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from procedures import deciding, versions, wording
from procedures.models import Decision, Fee, LegalDocument, Procedure, ProcedureChange

Kind = ProcedureChange.Kind
# Numbers that no real document has.
NUMBER = "MINH-HOA/QĐ-UBND"
CODES = ("0.990001", "0.990002")  # of the new procedure and of the successor
NEEDED = 4  # published procedures in force: amended, with another fee, replaced, repealed


class Command(BaseCommand):
    help = (
        "Minh họa: nhập một quyết định có thủ tục mới, sửa đổi, thay thế, bãi bỏ và đổi phí, công bố để áp dụng từ "
        "ngày mai, rồi cho biết trang thông tin nói gì vào một ngày. Chỉ chạy khi DEBUG."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="Ngày cần xem, dạng 2026-11-25; mặc định hôm nay.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Lệnh này thêm dữ liệu minh họa nên chỉ chạy khi DEBUG.")
        at = timezone.now()
        today = timezone.localtime(at).date()
        decision = Decision.objects.filter(document__number=NUMBER).first() or self._enter(today, at)
        on = options["on"] or today
        changes = list(decision.changes.for_list().order_by("order"))
        # What take_effect() does when the day comes, here for any day and back again.
        moved = sum(versions.settle(change.procedure, on=on, by=None, at=at) for change in changes)
        self.stdout.write(f"Ngày {on:%d/%m/%Y} ({moved} thủ tục vừa chuyển nội dung):")
        for change in changes:
            self.stdout.write(f"- {change.get_kind_display()}: {_said(change, on)}")

    @transaction.atomic
    def _enter(self, today: date, at: datetime) -> Decision:
        found = list(Procedure.objects.in_force(today).filter(in_force_to=None).order_by("code")[:NEEDED])
        if len(found) < NEEDED:
            raise CommandError("Cần ít nhất 4 thủ tục đang áp dụng. Chạy load_demonstration trước.")
        amended, costing, replaced, repealed = found
        document = LegalDocument.objects.create(
            number=NUMBER,
            kind=LegalDocument.Kind.PUBLICATION_DECISION,
            title="Công bố danh mục thủ tục hành chính (minh họa)",
            issuer="UBND tỉnh",
            issued_on=today,
        )
        decision = Decision.objects.create(document=document)
        new, successor = (_copied(amended, CODES[0], "mới"), _copied(replaced, CODES[1], "thay thế"))
        rows = [
            (Kind.NEW, new, None, "Thủ tục mới, minh họa."),
            (Kind.NEW, successor, None, "Thủ tục thay thế, minh họa."),
            (Kind.AMENDED, amended, None, "Sửa các bước thực hiện, minh họa."),
            (Kind.FEE, costing, None, "Phí còn 90.000 đồng, minh họa."),
            (Kind.REPLACED, replaced, successor, ""),
            (Kind.REPEALED, repealed, None, ""),
        ]
        changes = [
            ProcedureChange.objects.create(
                decision=decision,
                kind=kind,
                procedure=procedure,
                successor=other,
                effective_on=today + timedelta(days=1),
                sentence=sentence,
                order=order,
            )
            for order, (kind, procedure, other, sentence) in enumerate(rows)
        ]
        draft = deciding.prepare_draft(changes[2], by=None, at=at)
        draft.steps = f"{draft.steps}\nBước này có từ ngày mai (minh họa)."
        draft.save()
        draft = deciding.prepare_draft(changes[3], by=None, at=at)
        draft.fees.all().delete()
        Fee.objects.create(procedure=draft, amount=90_000, note="Phí minh họa")
        deciding.publish(decision, by=None, at=at)
        return decision


def _copied(procedure: Procedure, code: str, word: str) -> Procedure:
    """Return a draft like the procedure under a code of its own."""
    draft = versions.copy(versions.freeze(procedure))
    draft.code, draft.name, draft.short_name = code, f"{draft.name} ({word}, minh họa)", f"Thủ tục {word} (minh họa)"
    draft.save()
    return draft


def _said(change: ProcedureChange, on: date) -> str:
    """Return what the public reads of the change's procedure on the day."""
    procedure = Procedure.objects.get(pk=change.procedure_id)
    then = versions.as_of(procedure, on)
    if then is None:
        return f"{procedure} – {wording.status(procedure, on).label}"
    fee = wording.fee_summary(fee for fee in then.fees.all() if fee.is_valid(on))
    return f"{procedure} – {wording.status(procedure, on).label}. Phí: {wording.uncapital(fee)}. {_steps(then)}"


def _steps(procedure: Procedure) -> str:
    return "Các bước: " + (procedure.steps.splitlines() or ["chưa có"])[-1]
