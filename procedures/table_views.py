"""The tables of service prices and of fees, as pages and as files."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import asked_day, spreadsheets
from portal.asked_day import AskedDay
from portal.navigation import Link
from procedures import fees, prices, tables
from procedures.tables import Sorting, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNIT_PARAMETER = "don-vi"


@require_safe
def price_list(request: HttpRequest) -> HttpResponseBase:
    asked, units, table = _asked_prices(request)
    if not all(request.GET.values()):
        return redirect(table.url)
    page = _page(request, prices.on(asked.day, table.sorting, units.get(table.parameters.get(UNIT_PARAMETER, ""))))
    table.rows.extend(prices.rows(page.object_list))
    trail = [Link("Giá dịch vụ", reverse("procedures:price-list"))]
    context = {
        "asked": asked,
        "units": units,
        "chosen": table.parameters.get(UNIT_PARAMETER, ""),
        "table": table,
        "page": page,
        "trail": trail,
    }
    return render(request, "procedures/price_list.html", context)


@require_safe
def fee_list(request: HttpRequest) -> HttpResponseBase:
    asked, table = _asked_fees(request)
    if not all(request.GET.values()):
        return redirect(table.url)
    page = _page(request, fees.on(asked.day, table.sorting))
    table.rows.extend(fees.rows(fees.lines(page.object_list)))
    trail = [Link("Phí, lệ phí", reverse("procedures:fee-list"))]
    return render(request, "procedures/fee_list.html", {"asked": asked, "table": table, "page": page, "trail": trail})


@require_safe
def price_download(request: HttpRequest, file_type: str) -> HttpResponseBase:
    asked, units, table = _asked_prices(request)
    found = prices.on(asked.day, table.sorting, units.get(table.parameters.get(UNIT_PARAMETER, "")))
    rows = prices.sheet_rows(found)
    return _file(file_type, "gia-dich-vu", prices.SHEET_TITLE, asked.day, prices.SHEET_HEADER, rows)


@require_safe
def fee_download(request: HttpRequest, file_type: str) -> HttpResponseBase:
    asked, table = _asked_fees(request)
    rows = fees.sheet_rows(fees.on(asked.day, table.sorting))
    return _file(file_type, "phi-le-phi", fees.SHEET_TITLE, asked.day, fees.SHEET_HEADER, rows)


def _asked_prices(request: HttpRequest) -> tuple[AskedDay, dict[str, Any], Table]:
    asked = _asked_day(request)
    units = prices.units()
    unit = request.GET.get(UNIT_PARAMETER, "")
    parameters = asked.parameters | ({UNIT_PARAMETER: unit} if unit in units else {})
    return asked, units, _table(request, "procedures:price-list", "Giá dịch vụ", prices.COLUMNS, parameters)


def _asked_fees(request: HttpRequest) -> tuple[AskedDay, Table]:
    asked = _asked_day(request)
    return asked, _table(request, "procedures:fee-list", "Phí, lệ phí", fees.COLUMNS, asked.parameters)


def _asked_day(request: HttpRequest) -> AskedDay:
    return AskedDay.read(request.GET.get(asked_day.PARAMETER, ""), today=timezone.localdate())


def _table(
    request: HttpRequest, name: str, caption: str, columns: Sequence[tables.Column], parameters: dict[str, str]
) -> Table:
    sorting = Sorting.read(request.GET.get(tables.PARAMETER, ""), columns)
    return Table(caption, columns, sorting, reverse(name), parameters)


def _page(request: HttpRequest, found: Any) -> Any:
    return Paginator(found, tables.PAGE_SIZE).get_page(request.GET.get("trang"))


def _file(
    file_type: str,
    name: str,
    title: str,
    day: date,
    header: Sequence[str],
    rows: Iterable[Sequence[spreadsheets.Value]],
) -> HttpResponseBase:
    name = f"{name}-{day.isoformat()}.{file_type}"
    response: HttpResponse | StreamingHttpResponse | FileResponse
    match file_type:
        case "csv":
            lines = spreadsheets.csv_lines(header, rows)
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        case "xlsx":
            file = spreadsheets.xlsx_file(title, header, rows)
            return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    raise Http404
