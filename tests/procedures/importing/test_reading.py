"""Each format, on small files of our own: told by its content, read into one form."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from procedures import importing
from procedures.importing import reading
from procedures.importing.records import Problem

FILES = Path(__file__).parents[2] / "data" / "import"


def records(name):
    found = list(importing.read([FILES / name]))
    assert not any(isinstance(one, Problem) for one in found), found
    return found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("cu-2024.txt", "txt-2024"),
        ("moi-2026.txt", "txt-2026"),
        ("trang.md", "md-2026"),
        ("dan-phang.json", "json-2026"),
        ("xuat-2025.json", "export-2025"),
        ("api.json", "api-2026"),
        ("mongo.json", "mongo-2021"),
        ("danh-sach.csv", "list"),
        ("lien-ket.csv", "links-2025"),
        ("trang-thu-thap.csv", "crawl-2025"),
    ],
)
def test_the_format_is_told_by_the_content(tmp_path, name, source):
    renamed = tmp_path / "tep"
    renamed.write_bytes((FILES / name).read_bytes())

    assert {record.source for record in importing.read([renamed])} == {source}


def test_text_of_2026_is_read_whole():
    (record,) = records("moi-2026.txt")

    assert record.code == "1.900001"
    assert record.decision_number == "12/QĐ-BKHCN"
    assert record.levels == ["province"]
    assert record.regulation_kind == "TTHC không được luật giao cho địa phương quy định hoặc quy định chi tiết"
    assert record.steps == (
        "Bước 1: Tổ chức nộp hồ sơ tại nơi tiếp nhận.\n"
        "Bước 2: Nơi tiếp nhận kiểm tra hồ sơ; trường hợp thiếu thì quay lại Bước 1.\n"
        "Bước 3: Trả kết quả."
    )
    assert [(m.channel, m.time_limit, m.time_unit) for m in record.methods] == [
        ("online", Decimal(18), "working_day"),
        ("direct", None, ""),
    ]
    assert record.methods[0].description == "Nộp trên mạng.\nThời hạn giải quyết: dòng này vẫn là mô tả."
    assert [(f.state, f.amount, f.note, f.channel) for f in record.fees] == [
        ("amount", 1_500_000, "Thiết bị loại A", "")
    ]
    assert [(i.name, i.originals, i.copies) for i in record.items] == [
        ("Đơn đề nghị có dòng viết tiếp ở dòng dưới", 1, 0),
        ("Bản vẽ thiết bị", 0, 2),
        ("Giấy tờ chỉ để xem", None, None),
    ]
    assert record.dossier_sets == 1
    assert [(b.number, b.title) for b in record.legal_bases] == [
        ("11/2025/TT-BKHCN", "Quy định về thử nghiệm"),
        ("01/2024/QH15", "Luật Đo mẫu"),
    ]
    assert record.competent_agency == ""
    assert record.requirements == "- Có người phụ trách."


def test_text_of_2024_is_read_whole():
    (record,) = records("cu-2024.txt")

    assert record.decision_number == "34/QĐ-BKHCN"
    assert record.levels == ["ministry", "province", "district"]
    assert record.steps == "Thành phần hồ sơ:\ngồm đơn và mẫu, nộp một lần.\nBước 1: Nộp hồ sơ."
    assert [(m.channel, m.time_limit, m.time_unit) for m in record.methods] == [
        ("direct", Decimal(5), "working_day"),
        ("postal", Decimal(5), "day"),
    ]
    assert [(f.kind, f.amount, f.note, f.channel) for f in record.fees] == [
        ("fee", 250_000, "Mẫu nhỏ", ""),
        ("charge", 100_000, "", ""),
    ]
    assert [(i.case, i.name, i.originals, i.copies) for i in record.items] == [
        ("", "Đơn đăng ký", 1, 2),
        ("", "Hồ sơ của người phụ trách:", None, None),
        ("", "Bằng cấp", 0, 1),
        ("Trường hợp mẫu lớn", "Bản vẽ mẫu lớn", 1, 0),
    ]
    assert record.items[0].form.url == "https://example.org/tai?ma=3fa"
    assert [(b.number, b.title, b.issued_on) for b in record.legal_bases] == [
        ("02/2023/NĐ-CP", "", date(2023, 6, 3)),
        ("05/2022/QH15", "Luật số 05/2022/QH15 về mẫu", date(2022, 2, 1)),
    ]
    assert record.requirements == "Có nơi để mẫu.\nCó người trông mẫu."
    assert record.keywords == "mẫu đo"


def test_markdown_is_read_with_its_cases():
    (record,) = records("trang.md")

    assert record.name == "Công nhận mẫu đo"
    assert [(m.time_limit, m.time_unit, m.time_text) for m in record.methods] == [
        (Decimal("22.5"), "working_day", ""),
        (None, "", ""),
        (None, "", "1/12 hàng năm"),
    ]
    assert record.methods[0].description == "Một\nHai"
    assert [(i.case, i.name) for i in record.items] == [
        ("Trường hợp lần đầu", "Đơn đề nghị"),
        ("Trường hợp cấp lại", "Giấy đã cấp"),
    ]
    assert record.requirements == ""
    assert record.results == "Giấy công nhận"


def test_the_fees_that_markdown_never_tells_are_left_alone():
    assert records("trang.md")[0].fees is None


def test_markdown_with_flattened_tables_is_taken_apart():
    (record,) = records("trang-cu.md")

    assert [(m.channel, m.time_limit, m.time_unit, m.description) for m in record.methods] == [
        ("direct", Decimal(45), "day", "kể từ khi nhận."),
        ("postal", Decimal(3), "working_day", "Gửi thư."),
    ]
    assert [(i.name, i.originals, i.copies) for i in record.items] == [("Đơn xin thôi", 1, 0), ("Giấy cũ", 0, 1)]
    assert record.levels is None


def test_flattened_json_is_taken_apart_and_never_into_wrong_numbers():
    (record,) = records("dan-phang.json")

    assert [(m.channel, m.time_limit, m.description) for m in record.methods] == [
        ("online", Decimal(10), "Nộp trên mạng"),
        ("postal", None, ""),
        ("direct", None, ""),
    ]
    assert [(f.channel, f.state, f.amount, f.note) for f in record.fees] == [
        ("online", "amount", 200_000, "Cấp lần đầu"),
        ("online", "amount", 100_000, "Cấp lại"),
        ("postal", "unknown", None, "Chưa rõ"),
        ("direct", "unknown", None, "75% mức thu"),
    ]
    assert [(i.name, i.originals, i.copies, i.form and i.form.name) for i in record.items] == [
        ("Đơn đề nghị.", 1, 0, "Mau so 1.docx"),
        ("Văn bằng cấp từ năm 2024", 0, 1, None),
        ("Ảnh gồm 02 bản chính cỡ nhỏ", 1, 1, None),
    ]
    assert [(b.number, b.title) for b in record.legal_bases] == [
        ("01/2023/QH15", "Luật Đo mẫu sửa đổi 2023"),
        ("22/2023/TT-BCA", ""),
        ("04/2015/TT-BCA", "Quy định mẫu"),
    ]
    assert record.results == "Thẻ người đo\nThông báo từ chối"
    assert record.keywords == "thẻ đo"


def test_the_parsed_export_is_read():
    (record,) = records("xuat-2025.json")

    assert record.steps == "Bước 1: Nộp đơn.\nBước 2: Nhận máy."
    assert [(m.time_limit, m.time_unit, m.time_text, m.description) for m in record.methods] == [
        (Decimal(1), "hour", "", ""),
        (None, "", "Không quy định", ""),
    ]
    assert [(f.channel, f.state) for f in record.fees] == [("online", "free")]
    assert [(i.originals, i.form.name) for i in record.items] == [(3, "Mau 1.docx")]
    assert record.requirements == ""


def test_the_api_is_read():
    (record,) = records("api.json")

    assert record.levels == ["commune"]
    assert record.synced_at == datetime(2026, 7, 17, 7, 41, 59, 134249, tzinfo=UTC)
    assert [(m.channel, m.time_limit, m.time_unit) for m in record.methods] == [
        ("direct", Decimal(15), "day"),
        ("online", None, ""),
    ]
    assert [(f.kind, f.state, f.amount, f.note) for f in record.fees] == [
        ("fee", "amount", 8000, ""),
        ("charge", "unknown", None, "20 USD ()"),
    ]
    assert record.executing_agency == "Sở Kiểm thử"


def test_the_export_without_codes_is_read():
    (record,) = records("mongo.json")

    assert record.code is None
    assert record.steps == "Bước 1: Nộp thẻ cũ.\nBước 2: Nhận thẻ mới."
    assert [(f.channel, f.amount) for f in record.fees] == [("direct", 200_000)]
    assert [m.time_limit for m in record.methods] == [Decimal(5), None]
    assert [(i.name, bool(i.form)) for i in record.items] == [("Thẻ cũ", False), ("Đơn đổi thẻ", True)]
    assert record.legal_bases is None


def test_a_list_speaks_only_of_what_it_has():
    first, _, last = records("danh-sach.csv")

    assert first.name == "Cấp giấy phép thử nghiệm thiết bị đo mẫu"
    assert first.executing_agency == "Sở Kiểm thử; Chi cục Kiểm thử"
    assert first.position == "dòng 2"
    assert last.position == "dòng 5"
    assert (first.steps, first.methods, first.items, first.levels) == (None, None, None, None)


def test_a_crawled_page_is_read_cell_by_cell():
    record = records("trang-thu-thap.csv")[0]

    assert [(m.channel, m.time_limit, m.time_unit, m.description) for m in record.methods] == [
        ("direct", Decimal(8), "hour", "Nộp ở quầy."),
        ("postal", Decimal(30), "day", "Gửi thư."),
    ]
    assert [(f.kind, f.amount, f.channel) for f in record.fees] == [("charge", 20_000, "direct")]
    assert [(i.name, i.form and i.form.name) for i in record.items] == [
        ("Đơn trả mẫu", "Mau 01.doc"),
        ("Mẫu đã mượn", None),
    ]


def test_a_list_of_decisions_is_recognised_and_skipped():
    (problem,) = importing.read([FILES / "quyet-dinh.csv"])

    assert problem.warning
    assert "quyết định công bố" in problem.reason


def test_a_folder_is_walked_and_other_files_are_only_mentioned(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mot.txt").write_bytes((FILES / "moi-2026.txt").read_bytes())
    (tmp_path / "ghi-chu.txt").write_text("Ghi chú riêng", encoding="utf-8")
    (tmp_path / ".an.txt").write_text("ẩn", encoding="utf-8")

    found = list(importing.read([tmp_path]))

    assert [getattr(one, "code", "") for one in found] == ["1.900001", ""]
    assert found[1].warning


@pytest.mark.parametrize("content", [b"", b"\0\1\2", "Ghi chú".encode(), b'{"a": 1}', b"%PDF-1.7"])
def test_a_named_file_of_no_known_format_is_a_problem(tmp_path, content):
    file = tmp_path / "tep.dat"
    file.write_bytes(content)

    (problem,) = importing.read([file])

    assert problem.reason == reading.NOT_KNOWN
    assert not problem.warning


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    (problem,) = importing.read([tmp_path / "khong-co.csv"])

    assert problem.reason == reading.NOT_FOUND


def test_a_text_that_is_not_utf_8_is_a_problem(tmp_path):
    file = tmp_path / "tep.txt"
    file.write_bytes((FILES / "moi-2026.txt").read_bytes() + b"\xff\xfe")

    (problem,) = importing.read([file])

    assert problem.reason == reading.NOT_UTF8


@pytest.mark.parametrize("cut", [100, 700])
def test_json_that_breaks_off_gives_the_records_before_and_a_problem(tmp_path, cut):
    whole = (FILES / "mongo.json").read_text(encoding="utf-8").rstrip().removesuffix("]").rstrip()
    file = tmp_path / "tep.json"
    file.write_text(f"{whole},\n{whole.lstrip('[')[:cut]}", encoding="utf-8")

    found = list(importing.read([file]))

    assert found[0].name == "Đổi thẻ người đo"
    assert isinstance(found[-1], Problem)
    assert found[-1].position == "sau bản ghi 1"


def test_one_record_with_a_part_of_the_wrong_kind_does_not_stop_the_next(tmp_path):
    good = (FILES / "mongo.json").read_text(encoding="utf-8").strip()[1:-1]
    file = tmp_path / "tep.json"
    file.write_text(f'[{{"title": ["x"], "Trình tự thực hiện": 3}}, {good}]', encoding="utf-8")

    bad, record = importing.read([file])

    assert (bad.position, bad.warning) == ("bản ghi 1", False)
    assert record.name == "Đổi thẻ người đo"


def test_objects_that_lie_across_the_pieces_that_are_read_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("procedures.importing.sources.json_files._CHUNK", 700)
    one = (FILES / "mongo.json").read_text(encoding="utf-8").strip()[1:-1]
    file = tmp_path / "tep.json"
    file.write_text(f"[{','.join([one] * 20)}]", encoding="utf-8")

    assert [record.position for record in importing.read([file])] == [f"bản ghi {number}" for number in range(1, 21)]


def test_a_csv_of_another_separator_is_read(tmp_path):
    file = tmp_path / "tep.csv"
    file.write_text("Mã số;Tên\n1.900009;Đo thử\n", encoding="utf-8")

    (record,) = importing.read([file])

    assert (record.code, record.name) == ("1.900009", "Đo thử")
