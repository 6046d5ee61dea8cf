"""Files that a sender adds to a reply, kept until it is sent so that an error loses none."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from feedback import attachments, drafting, spam
from feedback.models import Draft

_SALT = "feedback.draft_files"


def draft(token: str, *, at: datetime) -> Draft | None:
    """Return the draft whose signed token a form sent back."""
    try:
        opened = signing.loads(token, salt=_SALT, max_age=drafting.LIFETIME) if token else ""
    except signing.BadSignature:
        return None
    return Draft.objects.filter(token=opened, expires_at__gt=at, submission=None).first()


def token(draft: Draft | None) -> str:
    return signing.dumps(draft.token, salt=_SALT) if draft else ""


def take(
    files: Iterable[UploadedFile], draft: Draft | None, *, visitor: str, at: datetime
) -> tuple[Draft | None, list[ValidationError]]:
    """Keep the files that are in order; return their draft, made at need, and what is wrong with the others."""
    errors = []
    for file in files:
        try:
            checked = attachments.check(file)
            draft = draft or drafting.begin(at=at)
            # The same file once more, by a second click or after an error, is the same file.
            if draft.attachments.filter(digest=hashlib.sha256(checked.content).hexdigest()).exists():
                continue
            _refuse_too_many(draft, visitor, at=at)
            attachments.store(checked, at=at, draft=draft)
        except ValidationError as error:
            errors.append(error)
    return draft, errors


def remove(draft: Draft | None, pk: str) -> None:
    """Take back the file that a form names by its key."""
    is_key = pk.isdecimal() and len(pk) < 19
    if draft and is_key and (found := draft.attachments.filter(submission=None, pk=int(pk)).first()):
        drafting.remove(found)


def _refuse_too_many(draft: Draft, visitor: str, *, at: datetime) -> None:
    if draft.attachments.count() >= attachments.MOST_FILES:
        raise ValidationError(f"Kèm tối đa {attachments.MOST_FILES} tệp. Bỏ bớt tệp trước khi thêm.", code="too_many")
    if not spam.may_add_file(visitor, at=at):
        raise ValidationError("Hôm nay đã nhận nhiều tệp từ mạng này. Gửi không kèm tệp, Sở sẽ hỏi sau.", code="limit")
