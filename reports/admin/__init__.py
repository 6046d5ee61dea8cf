"""The staff's workplace for reports, one module a noun."""

from reports.admin import difficulties, forms, periods  # noqa: F401
