"""What the law gives a sender: to see, to correct, to take back a consent, to be forgotten (Luật 91/2025 Đ4, Đ14).

Erasing leaves the figures: dates, unit, kind, outcome, scores. A Tombstone says what went, when and why. What
stands in the history is never erased, so nobody may write into it who the sender is (`feedback.moves.no_names`).
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from feedback import access, disclosing, moves, notifying, redacting, spam
from feedback.models import (
    OPEN,
    AccessRecord,
    Answer,
    Assessment,
    Attachment,
    Draft,
    Event,
    Message,
    PublicAnswer,
    Rating,
    Submission,
    Tombstone,
)
from portal import mail
from portal.comparing import moment
from portal.models import User
from portal.search_index import words
from portal.spreadsheets import xlsx_file
from portal.steps import Conflict, NotAllowed, Problem, Refused
from procedures import subscribing
from procedures.models import Subscription

GONE = "(đã xóa)"
IDENTITY = {
    "sender_name": "họ và tên",
    "organisation_name": "tên tổ chức",
    "address": "địa chỉ",
    "phone": "điện thoại",
    "email": "thư điện tử",
}
CLOSED = frozenset(set(Submission.Status) - OPEN - {Submission.Status.SUSPECTED})
# Deleted mails may have been sent; what is left of a case is the figures.
_EMPTIED = {
    **dict.fromkeys(IDENTITY, ""),
    "contact_key": "",
    "title": GONE,
    "content": GONE,
    "proposed_solution": "",
    "dossier_code": "",
    "external_reference": "",
}


@transaction.atomic
def erase(submission: Submission, *, by: User | None, at: datetime, reason: str) -> Tombstone:
    """Erase who sent the case and what was written in it; the case is closed (Luật 91/2025 Đ14; RULES D5)."""
    # A merged case is closed when the other one is: until then its sender waits for an answer.
    waits = submission.status == Submission.Status.MERGED and submission.closed_at is None
    if submission.status not in CLOSED or waits:
        raise Refused([Problem("Kết thúc xử lý phản ánh trước khi xóa dữ liệu.")])
    if submission.erased_at:
        raise Conflict
    if not reason.strip():
        raise Refused([Problem("Ghi lý do xóa dữ liệu.", "reason")])
    # The step checks who may, and that the reason names nobody, as long as it is known whom.
    moves.record(submission, Event.Verb.ERASE, by=by, at=at, remark=reason)
    erased = {
        "người gửi": sum(bool(getattr(submission, name)) for name in IDENTITY),
        "bản công khai": _erase_public_copy(submission),
        "tệp": _erase_files(submission),
        "thư": _erase_mails(submission),
        "trao đổi, ghi chú": submission.messages.update(text=GONE),
        "câu trả lời": submission.answers.update(text=GONE),
        "nhận xét": _erase_remarks(submission),
    }
    Draft.objects.filter(submission=submission).delete()
    LogEntry.objects.filter(content_type__app_label="feedback", content_type__model="submission").filter(
        object_id=str(submission.pk)
    ).update(object_repr=submission.register_entry or GONE, change_message="")
    if by is not None:  # The sender asks for it; the schedule says nothing of the news.
        _end_news(submission)
    # Not by save(): what kind of opinion it was is a figure and stays.
    Submission.objects.filter(pk=submission.pk).update(**_EMPTIED, erased_at=at)
    for name, value in {**_EMPTIED, "erased_at": at}.items():
        setattr(submission, name, value)
    return Tombstone.objects.create(submission=submission, at=at, by=by, erased=erased, reason=reason.strip())


def _erase_remarks(submission: Submission) -> int:
    count = Assessment.objects.filter(submission=submission).exclude(remark="").update(remark="")
    return count + Rating.objects.filter(submission=submission).exclude(comment="").update(comment="")


def _erase_mails(submission: Submission) -> int:
    count = mail.Email.objects.filter(**{f"headers__{notifying.HEADER}": str(submission.pk)}).count()
    mail.forget(notifying.HEADER, str(submission.pk))
    return count


def _erase_files(submission: Submission) -> int:
    rows = attachments_of(submission)
    names = list(rows.values_list("file", flat=True))
    Attachment.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
    # A file is gone for good; the rows may still come back with the transaction.
    transaction.on_commit(partial(_delete_files, names))
    return len(names)


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        storages["attachments"].delete(name)


def attachments_of(submission: Submission) -> Any:
    """Return all files of the case: sent with it, later, or with the answer."""
    return Attachment.objects.filter(
        Q(submission=submission)
        | Q(message__submission=submission)
        | Q(answer__submission=submission)
        | Q(draft__submission=submission)
    ).distinct()


def _erase_public_copy(submission: Submission) -> int:
    """Keep what the public reads, without the name that the sender let be published; erase what it does not read."""
    public = PublicAnswer.objects.filter(submission=submission).first()
    if public is None:
        return 0
    if public.status == PublicAnswer.Status.PUBLISHED:
        masked = _mask_public_copy(public)
        # They may quote what was masked later.
        PublicAnswer.objects.filter(pk=public.pk).update(accepted_findings="")
        return masked
    if public.number:  # the address goes on telling why the copy was taken away
        emptied = {"title": GONE, "question": GONE, "answer": GONE, "accepted_findings": "", "folded": ""}
        return PublicAnswer.objects.filter(pk=public.pk).update(**emptied)
    public.delete()
    return 1


def _mask_public_copy(public: PublicAnswer) -> int:
    """Mask the sender in a copy that was published with the name; return 1 if there was something to mask."""
    known = disclosing.known_of(public.submission, may_name=False)
    texts = {name: redacting.masked(getattr(public, name), known, only_own=True) for name in disclosing.FIELDS}
    if all(texts[name] == getattr(public, name) for name in texts):
        return 0
    texts = disclosing.fitting(texts)
    folded = " ".join(words(" ".join(texts.values())))
    PublicAnswer.objects.filter(pk=public.pk).update(**texts, folded=folded, accepted_findings="")
    return 1


@transaction.atomic
def correct(submission: Submission, values: Mapping[str, str], *, by: User, at: datetime) -> list[str]:
    """Put right what names the sender; return which parts changed. The history tells the parts, not the values."""
    _refuse_erased(submission)
    changed = {
        name: value.strip()
        for name, value in values.items()
        if name in IDENTITY and value.strip() != getattr(submission, name)
    }
    if not changed:
        raise Refused([Problem("Nhập phần cần sửa.")])
    if "sender_name" in changed and not changed["sender_name"]:
        raise Refused([Problem("Nhập họ và tên.", "sender_name")])
    named = [IDENTITY[name] for name in changed]
    moves.record(submission, Event.Verb.CORRECT, by=by, at=at, remark=f"Đã sửa: {', '.join(named)}.")
    phone, email = (changed.get(name, getattr(submission, name)) for name in ("phone", "email"))
    new = {**changed, "contact_key": spam.contact_key(phone, email)}
    Submission.objects.filter(pk=submission.pk).update(**new)
    for name, value in new.items():
        setattr(submission, name, value)
    return named


@transaction.atomic
def restrict(submission: Submission, *, by: User, at: datetime) -> None:
    """Take back the consents to be named and to get news; a published name is masked (Luật 91/2025 Đ4)."""
    _refuse_erased(submission)
    moves.record(submission, Event.Verb.RESTRICT, by=by, at=at)
    Submission.objects.filter(pk=submission.pk).update(publish_name_at=None, news_at=None)
    _end_news(submission)
    submission.publish_name_at = submission.news_at = None
    public = PublicAnswer.objects.filter(submission=submission, status=PublicAnswer.Status.PUBLISHED).first()
    if public:
        _mask_public_copy(public)


def _end_news(submission: Submission) -> None:
    """End the subscription that was asked for with the case (Luật 91/2025 Đ4)."""
    if not (submission.news_at and submission.email):
        return
    asked = Subscription.objects.filter(email=submission.email.lower(), bulletin=False)
    if submission.procedure:
        asked = asked.filter(procedure=submission.procedure)
    else:
        asked = asked.filter(procedure=None, field=submission.field)
    for subscription in asked:
        subscribing.end(subscription)


@transaction.atomic
def export(submission: Submission, *, by: User, at: datetime) -> bytes:
    """Return a ZIP of what the portal keeps of the sender: a table to read, and the files (Luật 91/2025 Đ4)."""
    if not by.has_perm("feedback.erase_submission"):
        raise NotAllowed("Người được giao xuất, xóa dữ liệu cá nhân mới làm được việc này.")
    _refuse_erased(submission)
    moves.record(submission, Event.Verb.EXPORT, by=by, at=at)
    access.note(submission, by=by, at=at, how=AccessRecord.How.EXPORT)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        with xlsx_file("Dữ liệu", ["Mục", "Nội dung"], _rows(submission)) as table:
            archive.writestr("du-lieu.xlsx", table.read())
        for number, attachment in enumerate(_files_of_sender(submission), start=1):
            with attachment.file.open("rb") as file:
                archive.writestr(f"tep/{number}.{attachment.kind}", file.read())
    return content.getvalue()


def _rows(submission: Submission) -> list[tuple[str, str]]:
    rows = [
        ("mã biên nhận", submission.shown_code),
        ("số vào sổ", submission.register_entry),
        ("nhận lúc", moment(submission.received_at)),
        ("trạng thái", submission.get_status_display()),
        *((label, getattr(submission, name)) for name, label in IDENTITY.items()),
        ("tiêu đề", submission.title),
        ("nội dung", submission.content),
        ("đề xuất", submission.proposed_solution),
        ("mã số hồ sơ", submission.dossier_code),
        ("đồng ý nêu tên", _when(submission.publish_name_at)),
        ("đồng ý nhận tin", _when(submission.news_at)),
    ]
    rows += [
        (f"{'bạn viết' if message.from_sender else 'Sở viết'} {moment(message.at)}", message.text)
        for message in submission.messages.filter(audience=Message.Audience.SENDER)
    ]
    sent = submission.answers.filter(status=Answer.Status.SENT)
    rows += [(f"trả lời {_when(answer.sent_at)}", answer.text) for answer in sent]
    rows += [
        (f"lịch sử {moment(event.at)}", f"{event.get_verb_display()}. {notifying.remark_for_sender(event)}".strip())
        for event in submission.events.all()
        if notifying.visible_to_sender(event)
    ]
    rating = Rating.objects.filter(submission=submission).first()
    if rating:
        rows.append(("đánh giá", f"{rating}. {rating.comment}"))
    files = enumerate(_files_of_sender(submission), start=1)
    rows += [(f"tệp {number}", attachment.name) for number, attachment in files]
    return [(label, value) for label, value in rows if value]


def _files_of_sender(submission: Submission) -> list[Attachment]:
    internal = Q(message__audience=Message.Audience.STAFF) | Q(
        answer__isnull=False, answer__status__in=set(Answer.Status) - {Answer.Status.SENT}
    )
    return list(attachments_of(submission).exclude(internal).order_by("pk"))


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""


def _refuse_erased(submission: Submission) -> None:
    if submission.erased_at:
        raise Refused([Problem("Dữ liệu cá nhân của phản ánh này đã xóa.")])
