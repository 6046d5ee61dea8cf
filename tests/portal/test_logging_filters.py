import logging

from portal.logging_filters import HideReceiptCodes


def shown(message, *arguments):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, arguments, None)
    HideReceiptCodes().filter(record)
    return record.getMessage()


def test_no_line_of_the_log_holds_a_receipt_code():
    assert shown("%s: %s", "Conflict", "/phan-anh/theo-doi/K7QM-4HXT/rut/") == "Conflict: /phan-anh/theo-doi/…/rut/"


def test_other_lines_stay_as_they_are():
    assert shown("%s: %s", "Not Found", "/phan-anh/theo-doi/") == "Not Found: /phan-anh/theo-doi/"


def test_the_filter_stands_before_what_the_server_writes(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["no-codes"]
