"""Documents made known inside the department: sent, confirmed by each person, reminded of (plan II.1).

A receipt says who was addressed and keeps the unit of that day; nobody confirms for somebody else,
and no receipt is taken back while the dissemination is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from news.models import Dissemination, ReadReceipt
from portal import mail
from portal.models import Unit, User

SENT = mail.Template("mail/dissemination.txt", "mail/dissemination.html")
REMINDER = mail.Template("mail/dissemination_reminder.txt", "mail/dissemination_reminder.html")
# Reminders reach people when they come to work.
REMIND_FROM = time(7)
DAY = timedelta(days=1)


class NotSendable(Exception):
    """Something is missing; `problems` are the sentences that say what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NotAllowed(Exception):
    """This person may not do this."""


class Conflict(Exception):
    """Somebody else did the same at this moment."""


@dataclass(frozen=True)
class UnitProgress:
    """How many people of one unit were addressed, and how many of them confirmed."""

    unit: str
    people: int
    read: int

    @property
    def unread(self) -> int:
        return self.people - self.read


def addressees(dissemination: Dissemination) -> QuerySet[User]:
    """Return who is addressed as things are now: accounts in use that can reach the page.

    People without a unit are only reached by what goes to all staff.
    """
    users = User.objects.filter(is_active=True, is_staff=True)
    return users if dissemination.to_all else users.filter(unit__in=dissemination.units.all())


def newcomers(dissemination: Dissemination) -> QuerySet[User]:
    """Return the addressed people who have no receipt yet."""
    return addressees(dissemination).exclude(receipts__dissemination=dissemination)


def problems(dissemination: Dissemination, on: date) -> list[str]:
    """Return what has to be done before it can be sent, a sentence each."""
    found = []
    if not dissemination.documents.exists():
        found.append("Chọn ít nhất một văn bản.")
    if not dissemination.to_all and not dissemination.units.exists():
        found.append("Chọn đơn vị nhận, hoặc chọn gửi toàn thể.")
    elif not addressees(dissemination).exists():
        found.append("Các đơn vị đã chọn chưa có tài khoản nào đang dùng. Chọn thêm đơn vị hoặc lập tài khoản.")
    if dissemination.is_late(on):
        found.append("Chọn hạn đọc từ hôm nay trở đi.")
    return found


def send(dissemination: Dissemination, *, by: User, at: datetime) -> int:
    """Address it to everybody it names who has no receipt yet, with a mail each; return how many these are.

    Sent once more, it reaches those who came since and nobody twice.
    """
    _check_may_send(by)
    if dissemination.sent_at is None and (missing := problems(dissemination, timezone.localdate(at))):
        raise NotSendable(missing)
    try:
        with transaction.atomic():
            if dissemination.sent_at is None:
                _mark_sent(dissemination, at)
            people = list(newcomers(dissemination))
            # Whoever was given a receipt at this moment by somebody else stops this one as a whole.
            receipts = [ReadReceipt(dissemination=dissemination, user=user, unit_id=user.unit_id) for user in people]
            ReadReceipt.objects.bulk_create(receipts, batch_size=500)
            _mail(people, f"Văn bản cần đọc: {dissemination.title}", SENT, dissemination, at)
    except IntegrityError as error:
        raise Conflict from error
    dissemination.sent_at = dissemination.sent_at or at
    return len(people)


def confirm(receipt: ReadReceipt, *, by: User, at: datetime) -> bool:
    """Keep that the person has read it; return whether this was the first time. The first moment stays."""
    if receipt.user_id != by.pk:
        raise NotAllowed
    return bool(ReadReceipt.objects.unread().filter(pk=receipt.pk).update(read_at=at))


def remind(dissemination: Dissemination, *, by: User, at: datetime) -> int:
    """Mail those who have not read it and were not reminded today; return how many these are."""
    _check_may_send(by)
    return _remind(dissemination, at)


def remind_due(now: datetime) -> None:
    """Remind on the day before and the day after the last day to read (a job of the worker)."""
    local = timezone.localtime(now)
    if local.time() < REMIND_FROM:
        return
    today = local.date()
    due = Dissemination.objects.filter(sent_at__date__lt=today, read_by__in=[today + DAY, today - DAY])
    for dissemination in due:
        _remind(dissemination, now)


def remindable(dissemination: Dissemination, on: date) -> QuerySet[ReadReceipt]:
    """Return the receipts of those who still work here, have not read and were not reminded on this day."""
    not_today = Q(reminded_at=None) | Q(reminded_at__date__lt=on)
    return dissemination.receipts.unread().filter(not_today, user__is_active=True)


def progress(dissemination: Dissemination) -> list[UnitProgress]:
    """Return the counts by the unit that people were in when it was sent, in the order of the units."""
    rows = (
        dissemination.receipts.order_by("unit__order", "unit__name")
        .values_list("unit__name")
        .annotate(people=Count("pk"), read=Count("read_at"))
    )
    return [UnitProgress(name or "Không thuộc đơn vị nào", people, read) for name, people, read in rows]


def lateness(dissemination: Dissemination, on: date) -> str:
    """Return how far away the last day to read is, in words; "" without one."""
    if dissemination.read_by is None:
        return ""
    days = (dissemination.read_by - on).days
    if days < 0:
        return f"Quá hạn {-days} ngày"
    return "Hạn là hôm nay" if days == 0 else f"Còn {days} ngày"


def late_with_unread(on: date) -> QuerySet[Dissemination]:
    """Return those whose last day has passed while somebody who still works here has not read them."""
    unread = ReadReceipt.objects.unread().filter(user__is_active=True)
    return Dissemination.objects.filter(sent_at__isnull=False, read_by__lt=on, pk__in=unread.values("dissemination"))


def units_named(dissemination: Dissemination) -> str:
    """Return to whom it goes, in words."""
    if dissemination.to_all:
        return "toàn thể công chức, viên chức"
    units: Iterable[Unit] = dissemination.units.all()
    return ", ".join(unit.name for unit in units) or "chưa chọn"


def _check_may_send(by: User) -> None:
    if not by.has_perm("news.send_dissemination"):
        raise NotAllowed


def _mark_sent(dissemination: Dissemination, at: datetime) -> None:
    if not Dissemination.objects.filter(pk=dissemination.pk, sent_at=None).update(sent_at=at):
        raise Conflict


def _remind(dissemination: Dissemination, at: datetime) -> int:
    with transaction.atomic():
        waiting = remindable(dissemination, timezone.localdate(at))
        receipts = list(waiting.select_related("user"))
        marked = waiting.filter(pk__in=[receipt.pk for receipt in receipts]).update(reminded_at=at)
        # The mark and the mail are kept together or not at all; somebody who read or reminded meanwhile wins.
        if marked != len(receipts):
            transaction.set_rollback(True)
            return 0
        people = [receipt.user for receipt in receipts]
        _mail(people, f"Nhắc đọc văn bản: {dissemination.title}", REMINDER, dissemination, at)
        return marked


def _mail(
    people: list[User], subject: str, template: mail.Template, dissemination: Dissemination, at: datetime
) -> None:
    context = {
        "dissemination": dissemination,
        "documents": list(dissemination.documents.all()),
        "url": settings.BASE_URL + reverse("admin:news_dissemination_read", args=[dissemination.pk]),
        "lateness": lateness(dissemination, timezone.localdate(at)),
    }
    addresses = sorted({user.email for user in people if user.email})
    if addresses:
        mail.send_to_each(addresses, subject, template, context, {"Auto-Submitted": "auto-generated"})
