from datetime import date
from decimal import Decimal

import pytest

from procedures import wording
from procedures.models import DossierItem, Fee, Procedure, SubmissionMethod

TODAY = date(2026, 11, 24)


def method(limit=None, unit="working_day", text="", channel="direct"):
    return SubmissionMethod(
        time_limit=limit and Decimal(limit), time_unit=unit if limit else "", time_text=text, channel=channel
    )


def fee(amount=None, state=None, kind="fee"):
    return Fee(kind=kind, state=state or ("amount" if amount else "unknown"), amount=amount)


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("methods", "summary"),
    [
        ([], ""),
        ([method()], ""),
        ([method("18.00")], "18 ngày làm việc"),
        ([method("0.50")], "0,5 ngày làm việc"),
        ([method("25", "day"), method("25", "day")], "25 ngày"),
        ([method("14", "day"), method("7", "day")], "từ 7 đến 14 ngày"),
        ([method("5"), method("8", "hour")], "từ 8 giờ đến 5 ngày làm việc"),
        ([method(text="Trong ngày")], "Trong ngày"),
        ([method(text="Theo từng loại hồ sơ. " * 20)], "tùy trường hợp"),
        ([method(text="Trong ngày"), method(text="Sau 3 ngày")], "tùy trường hợp"),
        ([method("3"), method(text="Trong ngày")], "3 ngày làm việc, có trường hợp khác"),
    ],
)
def test_time_limits_in_short(methods, summary):
    assert wording.time_summary(methods) == summary


@pytest.mark.parametrize(
    ("fees", "summary"),
    [
        ([], "Chưa có thông tin"),
        ([fee()], "Chưa có thông tin"),
        ([fee(), fee(kind="charge")], "Chưa có thông tin"),
        ([fee(state="free")], "Không thu phí"),
        ([fee(state="free"), fee(state="free", kind="charge")], "Không thu phí"),
        ([fee(2_000_000)], "2.000.000 ₫"),
        ([fee(2_000_000), fee(2_000_000)], "2.000.000 ₫"),
        ([fee(3_000_000), fee(2_000_000)], "Từ 2.000.000 ₫"),
        ([fee(100_000), fee(state="free")], "Không thu hoặc 100.000 ₫"),
        ([fee(100_000), fee()], "100.000 ₫, có khoản chưa rõ"),
        ([fee(150_000, kind="charge")], "Lệ phí 150.000 ₫"),
        ([fee(500_000), fee(900_000), fee(150_000, kind="charge")], "Phí từ 500.000 ₫, lệ phí 150.000 ₫"),
        ([fee(state="free"), fee(kind="charge")], "Phí không thu, lệ phí chưa có thông tin"),
    ],
)
def test_fees_in_short(fees, summary):
    assert plain(wording.fee_summary(fees)) == summary


def test_ways_to_file_come_in_one_order():
    methods = [method(channel="direct"), method(channel="online"), method(channel="direct")]

    assert wording.channel_summary(methods) == "trực tuyến, tại quầy"


@pytest.mark.parametrize(
    ("originals", "copies", "said"),
    [(1, 2, "1 bản chính, 2 bản sao"), (1, 0, "1 bản chính"), (0, 1, "1 bản sao"), (0, 0, ""), (None, None, "")],
)
def test_quantities(originals, copies, said):
    assert wording.quantity(DossierItem(originals=originals, copies=copies)) == said


@pytest.mark.parametrize(
    ("status", "start", "end", "label"),
    [
        ("published", None, None, "Đang áp dụng"),
        ("published", TODAY, TODAY, "Đang áp dụng"),
        ("published", date(2027, 1, 1), None, "Áp dụng từ 01/01/2027"),
        ("published", None, date(2026, 11, 23), "Hết hiệu lực"),
        ("draft", None, None, "Chưa công khai"),
    ],
)
def test_status_on_a_day(status, start, end, label):
    procedure = Procedure(status=status, in_force_from=start, in_force_to=end)

    assert wording.status(procedure, TODAY).label == label
