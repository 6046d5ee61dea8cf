"""Files that people send or the department answers with: what they must be, where they are kept, how they go out.

A picture is drawn anew, so that the camera's notes (place, time) and whatever lies behind it are gone; a PDF is kept
as it came when `feedback.pdf_files` finds nothing against it.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import Any

import filetype
import PIL.Image
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.http import FileResponse, Http404

from feedback import pdf_files
from feedback.models import Answer, Attachment, Draft, Message, Submission
from news import picture_files

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MOST_FILES = 3
MOST_BYTES = 5 * MEGABYTE
# A file younger than this may belong to a row that is just being stored.
LEFT_BEHIND = timedelta(days=1)
# A sheet photographed whole can still be read; what is larger is made smaller.
LONGEST_SIDE = 3200
JPEG_QUALITY = 85

Kind = Attachment.Kind
# By what the content says; of the others the name is told.
_KINDS = {"jpg": Kind.JPG, "png": Kind.PNG, "apng": Kind.PNG, "pdf": Kind.PDF}
_NAMED = {"heic": "HEIC", "avif": "AVIF", "gif": "GIF", "webp": "WEBP", "tif": "TIFF", "bmp": "BMP", "psd": "PSD"}
_ENDINGS = {Kind.JPG: {".jpg", ".jpeg"}, Kind.PNG: {".png"}, Kind.PDF: {".pdf"}}
_TYPES = {Kind.JPG: "image/jpeg", Kind.PNG: "image/png", Kind.PDF: "application/pdf"}
_MOST_LETTERS_OF_NAME = Attachment._meta.get_field("name").max_length or 0
# Nothing in the file may run or load anything, should a browser show it after all.
_POLICY = "default-src 'none'; sandbox"

# One decoded picture at a time in a process, so that many uploads at once do not take its memory.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Checked:
    """A file as it may be kept. Neither its name nor its content prints itself: both may name a person."""

    kind: Attachment.Kind
    content: bytes = field(repr=False)
    name: str = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def digest(self) -> str:
        """SHA-256, by which the same file is known again."""
        return sha256(self.content).hexdigest()


# Checking.


def check(file: Any) -> Checked:
    """Return the file as it may be kept; raise ValidationError, in words for who chose it, where it cannot be taken.

    `file` has a name and a size, as an uploaded file or a ContentFile has.
    """
    name = picture_files.shown_name(file) or "không tên"
    if not file.size:
        raise ValidationError(f"Tệp “{name}” trống; chọn tệp khác.", code="empty")
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if max(file.size, len(content)) > MOST_BYTES:
        raise ValidationError(
            f"Tệp “{name}” lớn hơn {MOST_BYTES // MEGABYTE} MB; thu nhỏ hoặc chia thành nhiều tệp rồi chọn lại.",
            code="size",
        )
    kind = _kind(content, name)
    if kind is Kind.PDF:
        _check_pdf(content, name)
    else:
        kind, content = _draw_anew(content, name)
    return Checked(kind, content, _name(name, kind))


def check_all(files: Iterable[Any], *, already: int = 0) -> list[Checked]:
    """Return the files as they may be kept, beside those taken `already`; raise one ValidationError with all faults."""
    files = list(files)
    errors = []
    if len(files) + already > MOST_FILES:
        sentence = f"Kèm tối đa {MOST_FILES} tệp; bỏ bớt tệp rồi chọn lại."
        raise ValidationError(sentence, code="too_many")
    checked = []
    for file in files:
        try:
            checked.append(check(file))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return checked


def _kind(content: bytes, name: str) -> Attachment.Kind:
    guessed = filetype.guess(content[:8192])
    extension = guessed.extension if guessed else ""
    if extension in _NAMED:
        raise ValidationError(
            f"Tệp “{name}” là ảnh {_NAMED[extension]}, không đọc được; lưu thành JPG, PNG hoặc PDF rồi chọn lại.",
            code="kind",
        )
    if extension not in _KINDS:
        raise ValidationError(f"Tệp “{name}” không đọc được; dùng JPG, PNG hoặc PDF.", code="kind")
    return _KINDS[extension]


def _check_pdf(content: bytes, name: str) -> None:
    try:
        pdf_files.check(content)
    except pdf_files.Refused as refused:
        raise ValidationError(f"Tệp “{name}” {refused}.", code="pdf") from refused


def _draw_anew(content: bytes, name: str) -> tuple[Attachment.Kind, bytes]:
    with _one_at_a_time:
        picture = picture_files.decode(BytesIO(content), name)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), PIL.Image.Resampling.LANCZOS, reducing_gap=3.0)
        kind = Kind.PNG if picture.format == "png" else Kind.JPG
        written = BytesIO()
        if kind is Kind.PNG:
            picture.save(written, "PNG")
        else:
            picture.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return kind, written.getvalue()


def _name(shown: str, kind: Attachment.Kind) -> str:
    """Return a name whose ending says what the content is."""
    path = PurePath(shown.lstrip(". "))
    stem = path.stem if path.suffix else path.name
    ending = path.suffix if path.suffix.lower() in _ENDINGS[kind] else f".{kind}"
    return f"{stem.rstrip('. ')[: _MOST_LETTERS_OF_NAME - len(ending)] or 'tep'}{ending}"


# Keeping.


def store(
    checked: Checked,
    *,
    at: datetime,
    draft: Draft | None = None,
    submission: Submission | None = None,
    message: Message | None = None,
    answer: Answer | None = None,
) -> Attachment:
    """Keep the file with what it belongs to; nothing stays of one that could not be stored.

    Raise ValidationError where the disk takes no more: whoever fills in a form loses nothing else by it.
    """
    owner = message or answer
    attachment = Attachment(
        draft=draft,
        submission=submission or (owner.submission if owner else None),
        message=message,
        answer=answer,
        name=checked.name,
        kind=checked.kind,
        size=checked.size,
        digest=checked.digest,
        added_at=at,
    )
    try:
        attachment.file.save(checked.name, ContentFile(checked.content), save=False)
        attachment.save(force_insert=True)
    except OSError as error:
        _take_back(attachment)
        log.exception("An attachment could not be kept")
        raise ValidationError(
            f"Chưa lưu được tệp “{checked.name}” do lỗi của máy chủ; chọn lại sau ít phút hoặc gửi không kèm tệp.",
            code="storage",
        ) from error
    except BaseException:
        _take_back(attachment)
        raise
    return attachment


def _take_back(attachment: Attachment) -> None:
    if attachment.file:
        attachment.file.delete(save=False)


def hand_over(attachments: Iterable[Attachment], submission: Submission, message: Message | None = None) -> None:
    """Give what was kept with a draft to the submission, or to a message of it; what was given once stays there."""
    pks = [attachment.pk for attachment in attachments]
    Attachment.objects.filter(pk__in=pks, submission=None).update(submission=submission, message=message)


def delete_file(instance: Attachment, using: str, **kwargs: Any) -> None:
    """Receiver of post_delete: delete the file too, once the row is gone for good."""
    if name := instance.file.name:
        transaction.on_commit(partial(instance.file.storage.delete, name), using=using)


def sweep(at: datetime) -> int:
    """Delete files that no row names, left by what was rolled back or killed (a job); return how many."""
    storage = storages["attachments"]
    try:
        _, names = storage.listdir("")
    except FileNotFoundError:
        return 0
    kept = set(Attachment.objects.values_list("file", flat=True).iterator())
    left = [name for name in names if name not in kept and storage.get_modified_time(name) < at - LEFT_BEHIND]
    for name in left:
        storage.delete(name)
    return len(left)


# Handing out.


def respond(attachment: Attachment, *, download: bool = False) -> FileResponse:
    """Send the file to who may see it: a picture may be shown, a PDF is saved. Who may see it is asked before.

    Raises Http404 where the file is lost.
    """
    kind = Kind(attachment.kind)
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError as error:
        log.error("The file of attachment %s is lost", attachment.pk)
        raise Http404 from error
    response = FileResponse(
        file,
        as_attachment=download or kind is Kind.PDF,
        filename=attachment.name,
        content_type=_TYPES[kind],
    )
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
