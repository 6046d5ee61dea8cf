"""What pages show of public answers."""

import re
from typing import Any

from django import template

from feedback import public_register
from feedback.models import PublicAnswer
from procedures.models import Procedure

register = template.Library()

SHOWN_ABOUT_PROCEDURE = 3
LONGEST_SENTENCE = 240
# A salutation or a heading ends its line without a full stop; the point in "63.2010" ends no sentence.
_SENTENCE = re.compile(r"\S.*?[.!?…](?=\s|$)")
_SALUTATION = re.compile(r"(?:kính gửi|trả lời|về việc)\b[^.\n]*[:,;.]?\s*$", re.IGNORECASE)


@register.filter
def first_sentence(answer: PublicAnswer) -> str:
    """Return the answer's first whole sentence, without the line that only greets."""
    lines = [line.strip() for line in answer.answer.splitlines() if line.strip()]
    if len(lines) > 1 and _SALUTATION.match(lines[0]):
        lines = lines[1:]
    text = " ".join(lines)
    match = _SENTENCE.match(text)
    sentence = match[0] if match else text
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return sentence[:LONGEST_SENTENCE].rpartition(" ")[0] + " …"


@register.inclusion_tag("feedback/parts/about_procedure.html")
def answers_about(procedure: Procedure) -> dict[str, Any]:
    """Show the latest public answers to feedback about the procedure."""
    return {"answers": public_register.about(procedure, SHOWN_ABOUT_PROCEDURE)}
