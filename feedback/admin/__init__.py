"""The staff's workplace for feedback, one module a noun."""

from feedback.admin import (  # noqa: F401
    attachments,
    data_protection,
    focal_people,
    public_answers,
    rules,
    submissions,
    surveys,
)
