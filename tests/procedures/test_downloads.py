import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from procedures import downloads
from tests.factories import DossierCaseFactory, DossierItemFactory, FeeFactory, FormFileFactory, ProcedureFactory

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "json"]
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    # Numbers of changes begin anew in each test, and so would the names of files.
    settings.DATA_DIR = tmp_path


def address(extension):
    return f"/thu-tuc/tai-ve/thu-tuc.{extension}"


def fetch(client, extension):
    response = client.get(address(extension))
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def csv_rows(client):
    return list(csv.DictReader(io.StringIO(fetch(client, "csv")[1].decode("utf-8-sig"))))


def xlsx_sheet(client):
    return load_workbook(io.BytesIO(fetch(client, "xlsx")[1])).active


def procedure(**values):
    return ProcedureFactory(published=True, **values)


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "downloads").iterdir())


def test_each_file_holds_every_public_procedure(client):
    procedure(code="1.000010")
    procedure(code="1.000020", in_force_to=date(2020, 1, 1))
    ProcedureFactory(code="1.000030")
    wanted = ["1.000010", "1.000020"]

    sheet = xlsx_sheet(client)

    assert [row["Mã thủ tục"] for row in csv_rows(client)] == wanted
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == wanted
    assert [each["code"] for each in json.loads(fetch(client, "json")[1])] == wanted


def test_a_table_tells_the_parts_of_a_procedure(client):
    one = procedure(
        code="1.000010", short_name="Cấp giấy phép", fees__amount=2_000_000, in_force_from=date(2024, 7, 1), items=None
    )
    DossierItemFactory(procedure=one, name="Đơn", case=DossierCaseFactory(procedure=one, name="Gia hạn"))
    DossierItemFactory(procedure=one, name="Bản vẽ", originals=0, copies=2)

    row = csv_rows(client)[0]

    assert row["Tên ngắn"] == "Cấp giấy phép"
    assert row["Tình trạng"] == "Đang áp dụng"
    assert row["Có hiệu lực từ"] == "2024-07-01"
    assert row["Người thực hiện"] == "Cá nhân; Doanh nghiệp, hợp tác xã"
    assert row["Cấp thực hiện"] == "Tỉnh"
    assert row["Mức độ trực tuyến"] == "Toàn trình"
    assert row["Phí, lệ phí"] == "2.000.000\u00a0₫"
    assert row["Thành phần hồ sơ"] == "[Gia hạn] Đơn (1 bản chính)\nBản vẽ (2 bản sao)"
    assert row["Trang"] == "http://testserver/thu-tuc/1.000010/"


def test_json_tells_the_same_as_the_api(client):
    procedure(code="1.000010")

    assert json.loads(fetch(client, "json")[1]) == [client.get("/api/v1/procedures/1.000010").json()]


def test_an_empty_catalogue_is_an_empty_list(client):
    assert json.loads(fetch(client, "json")[1]) == []
    assert csv_rows(client) == []
    assert xlsx_sheet(client).max_row == 1


@pytest.mark.parametrize("text", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(client, text):
    procedure(short_name=text)

    cell = xlsx_sheet(client)["B2"]

    assert csv_rows(client)[0]["Tên ngắn"] == f"'{text}"
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_code_stays_text_with_its_last_noughts(client):
    procedure(code="1.000010")

    cell = xlsx_sheet(client)["A2"]

    assert (cell.value, cell.data_type) == ("1.000010", "s")


def test_excel_is_told_that_the_letters_are_unicode(client):
    assert fetch(client, "csv")[1].startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_is_sent_with_name_type_and_tag_and_not_twice(client, extension):
    procedure()

    response, content = fetch(client, extension)
    again = client.get(address(extension), headers={"If-None-Match": response.headers["ETag"]})

    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="thu-tuc-{timezone.localdate()}.{extension}"'
    )
    assert response.headers["Content-Type"] == downloads.FORMATS[extension].content_type
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert again.status_code == 304


@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_is_made_once_for_a_state_of_the_catalogue(client, django_assert_num_queries, extension):
    procedure()
    fetch(client, extension)

    with django_assert_num_queries(2):  # its number, for the tag and for the name
        fetch(client, extension)


def test_a_change_makes_a_new_file_in_place_of_the_old(client, tmp_path):
    one = procedure()
    first, _ = fetch(client, "csv")
    kept = files(tmp_path)
    one.short_name = "Tên mới"
    one.save()

    second, _ = fetch(client, "csv")

    assert csv_rows(client)[0]["Tên ngắn"] == "Tên mới"
    assert first.headers["ETag"] != second.headers["ETag"]
    assert len(files(tmp_path)) == 1
    assert files(tmp_path) != kept


def test_another_day_is_another_file():
    one = procedure(fees__amount=100, fees__valid_to=TODAY)
    FeeFactory(procedure=one, amount=200, valid_from=date(2026, 11, 25))

    with downloads.opened("csv", TODAY) as today, downloads.opened("csv", date(2026, 11, 25)) as tomorrow:
        assert "100\u00a0₫" in today.read().decode()
        assert "200\u00a0₫" in tomorrow.read().decode()


def test_a_file_that_could_not_be_written_whole_is_not_sent(monkeypatch, tmp_path):
    def fail(file, on):
        file.write(b"[")
        raise OSError("no room")

    procedure()
    monkeypatch.setitem(downloads.FORMATS, "json", downloads.Format("", "", fail))

    with pytest.raises(OSError, match="no room"):
        downloads.opened("json", TODAY)
    assert files(tmp_path) == []


def test_a_file_cleared_away_meanwhile_is_made_again(client, tmp_path):
    procedure()
    fetch(client, "csv")
    for path in (tmp_path / "downloads").iterdir():
        path.unlink()

    assert len(csv_rows(client)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_the_same(tmp_path):
    for _ in range(20):
        procedure()

    def read(_):
        try:
            with downloads.opened("json", TODAY) as file:
                return file.read()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(read, range(8)))

    assert len(found) == 1
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("extension", FORMATS)
def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_num_queries, tmp_path, extension):
    for _ in range(12):
        DossierItemFactory(procedure=procedure(), form=FormFileFactory())

    # The number of the state, the procedures, and one for each kind of their rows.
    with django_assert_num_queries(9):
        downloads.opened(extension, TODAY).close()


def test_there_is_no_other_format(client):
    assert client.get(address("exe")).status_code == 404


def test_the_list_and_the_guide_lead_to_the_files(client):
    procedure()

    assert 'href="/api/"' in client.get("/thu-tuc/").content.decode()
    for extension in FORMATS:
        assert f'href="{address(extension)}"' in client.get("/api/").content.decode()
