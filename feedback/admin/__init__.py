"""The staff's workplace for feedback, one module a noun."""

from feedback.admin import focal_people, rules, surveys  # noqa: F401
