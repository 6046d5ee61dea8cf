"""Who may open a case and read its sender; each look at what names a person is written down (RULES F17, D9)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied

from feedback.models import AccessRecord, Submission
from portal.models import User

How = AccessRecord.How
HIDDEN = "***"
# Of a telephone number, what remains to tell two of them apart.
_FIRST, _LAST = 3, 3


@dataclass(frozen=True)
class Sender:
    """What names a sender. It does not print itself, so that no log or error page shows it."""

    name: str = field(repr=False)
    organisation: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    is_masked: bool = False

    @property
    def shown(self) -> str:
        """The organisation and the person, as one line."""
        return ", ".join(filter(None, [self.organisation, self.name]))


def may_open(user: User, submission: Submission) -> bool:
    """Tell whether the person may see the case at all; the sender is another question."""
    return Submission.objects.visible_to(user).filter(pk=submission.pk).exists()


def may_read_sender(user: User, submission: Submission) -> bool:
    """Tell whether the person may read who sent the case (Luật 91/2025 Đ3)."""
    return user.has_perm("feedback.read_sender") and may_open(user, submission)


def note(submission: Submission, *, by: User, at: datetime, how: AccessRecord.How, detail: str = "") -> None:
    """Write down that the person saw the sender, a file or a copy; `detail` names no person."""
    AccessRecord.objects.create(submission=submission, by=by, at=at, how=how, detail=detail)


def open_sender(submission: Submission, *, by: User, at: datetime) -> Sender:
    """Return who sent the case and write down who asked; raises PermissionDenied."""
    if not may_read_sender(by, submission):
        raise PermissionDenied
    note(submission, by=by, at=at, how=How.VIEW)
    return sender_of(submission)


def sender_of(submission: Submission) -> Sender:
    """Return who sent the case, for papers and mails that have been allowed and written down already."""
    return Sender(
        name=submission.sender_name,
        organisation=submission.organisation_name,
        address=submission.address,
        phone=submission.phone,
        email=submission.email,
    )


def masked(submission: Submission) -> Sender:
    """Return the sender as anybody who may open the case sees it: "N*** V*** A***", "090***000" (RULES D9)."""
    return Sender(
        name=mask_words(submission.sender_name),
        organisation=mask_words(submission.organisation_name),
        address=HIDDEN if submission.address else "",
        phone=mask_phone(submission.phone),
        email=mask_email(submission.email),
        is_masked=True,
    )


def mask_words(text: str) -> str:
    """Return the first letter of each word."""
    return " ".join(word[0] + HIDDEN for word in text.split())


def mask_phone(text: str) -> str:
    """Return the first and the last three digits; of a short number nothing."""
    digits = "".join(filter(str.isdigit, text))
    if len(digits) < _FIRST + _LAST + 3:
        return HIDDEN if text else ""
    return f"{digits[:_FIRST]}{HIDDEN}{digits[-_LAST:]}"


def mask_email(text: str) -> str:
    """Return the first letter; a domain may name a firm."""
    return f"{text[0]}{HIDDEN}@{HIDDEN}" if text else ""
