"""The staff's workplace for reports, one module a noun."""

from reports.admin import difficulties, periods  # noqa: F401
