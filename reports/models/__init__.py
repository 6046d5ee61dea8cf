"""The nouns of reports, one file a group."""

from reports.models.period import (
    QUARTERS,
    Difficulty,
    ReportingPeriod,
    ReturnEvent,
    ReturnValue,
    UnitReturn,
)
from reports.models.report import (
    Compilation,
    CompiledFigure,
    FigureOverride,
    Report,
    ReportParagraph,
    SentFile,
    SentText,
)
from reports.models.setup import (
    Indicator,
    IndicatorCheck,
    OutlinePart,
    ReportForm,
    ReportsSettings,
    ReportType,
    Rhythm,
)

__all__ = [
    "QUARTERS",
    "Compilation",
    "CompiledFigure",
    "Difficulty",
    "FigureOverride",
    "Indicator",
    "IndicatorCheck",
    "OutlinePart",
    "Report",
    "ReportForm",
    "ReportParagraph",
    "ReportType",
    "ReportingPeriod",
    "ReportsSettings",
    "ReturnEvent",
    "ReturnValue",
    "Rhythm",
    "SentFile",
    "SentText",
    "UnitReturn",
]
