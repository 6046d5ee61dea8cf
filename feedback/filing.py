"""From a draft to a submission: what was typed is read once more, and sent once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from feedback import drafting, spam, workflow
from feedback.forms import ContentForm, SenderForm
from feedback.models import Draft, FeedbackSettings, Submission
from procedures import listing, subscribing
from procedures.models import Field, Subscription

CONTENT = "content"
SENDER = "sender"
FORM = "form"  # whether the form in which it began was one of ours

# How long the browser shows the receipt of what it sent.
RECEIPT_FOR = timedelta(hours=2)


class Incomplete(Exception):
    """Something is missing or wrong in the part `part` of the draft."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Expired(Exception):
    """The draft's time is over; nothing was sent."""


@dataclass(frozen=True)
class Checked:
    """A draft in which everything is as it must be."""

    content: Mapping[str, Any]
    sender: Mapping[str, Any]
    trapped: bool


def content_form(draft: Draft | None, *, bound: bool = False) -> ContentForm:
    """Return step 1 as it stands in the draft; `bound` shows what is missing in it."""
    kept = drafting.values(draft, CONTENT)
    fields: list[Field] = listing.all_fields()
    return ContentForm(kept if bound else None, initial=kept, fields=fields)


def sender_form(draft: Draft | None, *, bound: bool = False) -> SenderForm:
    """Return step 2 as it stands in the draft; `bound` shows what is missing in it."""
    kept = drafting.values(draft, SENDER)
    return SenderForm(kept if bound else None, initial=kept)


def check(draft: Draft) -> Checked:
    """Return what the draft holds, read as the forms read it; raise `Incomplete` for the first part that is not."""
    content, sender = content_form(draft, bound=True), sender_form(draft, bound=True)
    for part, form in ((CONTENT, content), (SENDER, sender)):
        if not form.is_valid():
            raise Incomplete(part)
    trapped = content.is_from_a_program or sender.is_from_a_program
    return Checked(content.cleaned_data, sender.cleaned_data, trapped)


def send(draft: Draft, *, at: datetime, visitor: str = "") -> Submission:
    """Make the draft a submission, all of it or nothing; sent again, it is the submission that it became.

    `visitor` is the network address it comes from. Raise `Incomplete` where something is missing, `Expired` where
    the draft's time is over.
    """
    if draft.submission:
        return draft.submission
    checked = check(draft)
    with transaction.atomic():
        # Whoever comes second waits here for the first and finds the draft taken.
        mine = Draft.objects.filter(pk=draft.pk, submitted_at=None, expires_at__gt=at)
        if not mine.update(submitted_at=at, expires_at=at + RECEIPT_FOR):
            return _sent_already(draft)
        submission = workflow.receive(
            _submission(checked, at=at),
            at=at,
            suspicion=_suspicion(draft, checked, visitor=visitor, at=at),
            attachments=list(draft.attachments.filter(submission=None)),
        )
        # From here on the sender's data has one home.
        Draft.objects.filter(pk=draft.pk).update(submission=submission, content="")
        if checked.sender["news"]:
            _ask_for_news(checked, at=at)
    return submission


def _sent_already(draft: Draft) -> Submission:
    kept = Draft.objects.select_related("submission").filter(pk=draft.pk).first()
    if kept is None or kept.submission is None:
        raise Expired
    return kept.submission


def _suspicion(draft: Draft, checked: Checked, *, visitor: str, at: datetime) -> str:
    """Return why a person should look first; counts the sending."""
    texts = [str(checked.content[name]) for name in ("title", "content", "proposed_solution")]
    sending = spam.Sending(
        started_at=draft.started_at,
        visitor=visitor,
        contact=spam.contact_key(checked.sender["phone"], checked.sender["email"]),
        texts=texts,
        trapped=checked.trapped,
        formless=drafting.values(draft, FORM).get("unknown", False),
    )
    return spam.suspicion(sending, FeedbackSettings.current(), at=at)


def _submission(checked: Checked, *, at: datetime) -> Submission:
    content, sender = checked.content, checked.sender
    return Submission(
        channel=Submission.Channel.WEB,
        received_at=at,
        about=content["about"],
        procedure=content["procedure"],
        field=content["field"],
        dossier_code=content["dossier_code"],
        title=content["title"],
        content=content["content"],
        proposed_solution=content["proposed_solution"],
        sender_kind=sender["sender_kind"],
        organisation_name=sender["organisation_name"],
        sender_name=sender["sender_name"],
        address=sender["address"],
        phone=sender["phone"],
        email=sender["email"],
        contact_key=spam.contact_key(sender["phone"], sender["email"]),
        publish_name_at=at if sender["publish_name"] else None,
        news_at=at if sender["news"] else None,
    )


def _ask_for_news(checked: Checked, *, at: datetime) -> None:
    """Send the mail that asks to confirm; nothing else is sent before (Luật 91/2025 Đ9)."""
    procedure = checked.content["procedure"]
    subscribing.ask(
        checked.sender["email"],
        procedure=procedure,
        field=None if procedure else checked.content["field"],
        frequency=Subscription.Frequency.AT_ONCE,
        at=at,
    )
