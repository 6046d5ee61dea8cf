"""The staff's workplace for feedback, one module a noun."""

from feedback.admin import attachments, data_protection, focal_people, public_answers, rules, surveys  # noqa: F401
