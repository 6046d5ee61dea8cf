"""What was handed in, frozen and sent is kept by the database, whatever code asks for."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from reports.compiling import compile_period
from reports.models import CompiledFigure, Report, ReturnEvent, SentFile, SentText
from tests.factories import ReportingPeriodFactory, SentReportFactory, UnitReturnFactory

pytestmark = pytest.mark.django_db
AT = datetime(2024, 9, 15, 2, tzinfo=UTC)


def event():
    ReturnEvent.objects.create(unit_return=UnitReturnFactory(), verb="save", status="saved", at=AT)
    return ReturnEvent.objects.all(), {"remark": "Khác."}


def sent_file():
    SentFile.objects.create(report=SentReportFactory(), kind="docx", file="a.docx", sha256="0" * 64, size=1, at=AT)
    return SentFile.objects.all(), {"sha256": "1" * 64}


def sent_text():
    SentText.objects.create(report=SentReportFactory())
    return SentText.objects.all(), {"content": {"paragraphs": []}}


def sent_report():
    return Report.objects.filter(pk=SentReportFactory().pk), {"document_number": "13/BC-SKHCN"}


@pytest.mark.parametrize("kept", [event, sent_file, sent_text, sent_report])
def test_what_happened_and_what_was_sent_is_neither_changed_nor_deleted(kept):
    rows, change = kept()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db)


def test_a_frozen_figure_is_not_changed():
    compile_period(ReportingPeriodFactory(), by=None, at=AT)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CompiledFigure.objects.update(value=7)


def test_a_draft_changes_until_it_is_sent():
    report = SentReportFactory(status="draft", document_number="", document_on=None, sent_at=None, compilation=None)
    assert Report.objects.filter(pk=report.pk).update(due_on=AT.date()) == 1
