import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.models import Unit
from portal.text import fold
from procedures import demonstration, prose, publishing
from procedures.importing import Record
from procedures.models import CODE, SHORT_NAME_LENGTH, Fee, Field, FormFile, LegalDocument, Procedure
from tests.factories import UnitFactory

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
TODAY = date(2026, 11, 24)
# As long as this a run of words is no chance any more.
COPIED_WORDS = 25
FAMILY_NAMES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Đoàn|Mai"


@pytest.fixture(scope="module")
def records():
    return list(demonstration.records())


@pytest.fixture
def loaded(db):
    demonstration.load(at=AT)
    return Procedure.objects.all()


@pytest.fixture
def few(db, monkeypatch, tmp_path):
    """The content cut down to two of its files, where a test loads more than once or asks little."""
    for name in ("post.json", "standards_and_measurement.json"):
        shutil.copy(demonstration.FOLDER / name, tmp_path)
    monkeypatch.setattr(demonstration, "FOLDER", tmp_path)


def texts(value: object) -> Iterator[str]:
    """Every text that stands in a file of the content, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def all_texts() -> list[str]:
    files = demonstration.FOLDER.glob("*.json")
    return [text for path in files for text in texts(json.loads(path.read_text(encoding="utf-8")))]


def own_texts(record: Record) -> Iterator[str]:
    """What had to be written anew: all but names, papers and legal titles."""
    yield from filter(None, [record.steps, record.requirements, record.results])
    yield from (method.description for method in record.methods or [])
    yield from (fee.note for fee in record.fees or [])
    yield from (item.note for item in record.items or [])


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[start : start + COPIED_WORDS]) for start in range(len(found) - COPIED_WORDS + 1))


def source_texts(tthc_data, pattern: str = "dvcqg-*-txt/*.txt") -> Iterator[tuple[str, str]]:
    for path in sorted(tthc_data.glob(pattern)):
        yield path.stem, unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))


def labelled(text: str, label: str) -> str:
    """The line after a label of the national database's text form."""
    found = re.search(rf"^{label}:[ \n]*(.*)$", text, re.MULTILINE)
    return " ".join(found[1].split()).rstrip(" .-") if found else ""


def test_it_publishes_every_procedure(loaded, records):
    assert len(records) >= 40
    assert loaded.count() == len(records)
    assert loaded.filter(status=Procedure.Status.PUBLISHED, published_at=AT).count() == len(records)
    assert not publishing.incomplete(loaded).exists()
    assert not loaded.filter(short_name_proposed=True).exists()


def test_every_row_is_valid(loaded):
    for procedure in loaded:
        procedure.full_clean()
        for name in ("methods", "fees", "cases", "items", "legal_bases"):
            for row in getattr(procedure, name).all():
                row.full_clean()
    for model in (Field, FormFile, LegalDocument):
        for row in model.objects.all():
            row.full_clean()


def test_a_second_load_changes_nothing(few):
    demonstration.load(at=AT)
    before = list(Procedure.objects.order_by("pk").values())

    assert demonstration.load(at=datetime(2026, 12, 1, tzinfo=UTC)) == 0

    assert list(Procedure.objects.order_by("pk").values()) == before


def test_it_leaves_alone_what_is_there_already(few):
    code = next(demonstration.records()).code
    Procedure.objects.create(code=code, name="Tên do Văn phòng Sở ghi")

    demonstration.load(at=AT)

    kept = Procedure.objects.get(code=code)
    assert (kept.name, kept.is_published) == ("Tên do Văn phòng Sở ghi", False)


def test_it_tells_how_far_it_is(few):
    told = []

    added = demonstration.load(at=AT, progress=lambda done, total: told.append((done, total)))

    assert told == [(done, added) for done in range(1, added + 1)]


def test_an_unknown_part_is_refused(monkeypatch, tmp_path):
    (tmp_path / "post.json").write_text('[{"code": "1.003659", "name": "Tên", "fee": "free"}]', encoding="utf-8")
    monkeypatch.setattr(demonstration, "FOLDER", tmp_path)

    with pytest.raises(TypeError, match="fee"):
        list(demonstration.records())


def test_fields_have_an_introduction_and_the_unit_that_answers_for_them(few):
    branch = UnitFactory(name="Chi cục Tiêu chuẩn Đo lường Chất lượng")

    demonstration.load(at=AT)

    assert not Field.objects.filter(description="").exists()
    assert Field.objects.get(name="Tiêu chuẩn đo lường chất lượng").unit == branch
    assert Field.objects.get(name="Bưu chính").unit is None
    assert Unit.objects.get() == branch


def test_codes_are_well_formed_and_stand_once(records):
    codes = [record.code for record in records]

    assert [code for code in codes if not CODE.fullmatch(code)] == []
    assert [code for code, count in Counter(codes).items() if count > 1] == []


def test_short_names_are_short_and_tell_procedures_apart(records):
    folded = [fold(record.short_name) for record in records]

    assert [record.short_name for record in records if len(record.short_name) > SHORT_NAME_LENGTH] == []
    assert [name for name, count in Counter(folded).items() if count > 1] == []


def test_texts_are_in_the_one_form_of_storage():
    assert [text for text in all_texts() if text != unicodedata.normalize("NFC", text) or text != text.strip()] == []


def test_steps_are_read_as_numbered_steps_with_titles(records):
    for record in records:
        groups = prose.step_groups(record.steps)
        assert len(groups) == 1, record.code
        assert 2 <= len(groups[0].steps) <= 6, record.code
        assert all(step.title and step.blocks for step in groups[0].steps), record.code


def test_sentences_end_with_a_full_stop(records):
    lines = []
    for record in records:
        lines += [line for line in record.steps.split("\n") if not line.startswith("Bước ")]
        lines += record.requirements.split("\n") if record.requirements else []
        lines += [
            text for text in [*(row.description for row in record.methods), *(row.note for row in record.items)] if text
        ]

    assert [line for line in lines if not line.endswith(".")] == []


def test_a_document_is_described_the_same_everywhere(records):
    described = {}
    for record in records:
        for basis in record.legal_bases:
            assert described.setdefault(basis.number, basis) == basis


def test_it_speaks_plainly():
    stilted = re.compile(r"vui lòng|quý khách|quý vị|click|nhấp|tại đây", re.IGNORECASE)

    assert [text for text in all_texts() if stilted.search(text)] == []


def test_it_names_no_person():
    person = re.compile(rf"\b(?:{FAMILY_NAMES}) [A-ZĐÀ-Ỹ]\w+|\b(?:Ông|ông|bà) [A-ZĐÀ-Ỹ]\w+")

    assert [text for text in all_texts() if person.search(text)] == []


def test_it_shows_every_kind_of_page(records):
    states = {fee.state for record in records for fee in record.fees}
    units = {method.time_unit for record in records for method in record.methods}
    cases = Counter(record.code for record in records for case in {item.case for item in record.items if item.case})

    assert states == set(Fee.State)
    assert {"working_day", "day", ""} <= units
    assert max(cases.values()) >= 4
    assert max(len(record.fees) for record in records) >= 10
    assert sum(len(record.name) > 200 for record in records) >= 2


def test_some_are_not_yet_in_force_some_no_more_and_say_so(records):
    upcoming = [record for record in records if record.in_force_from and record.in_force_from > TODAY]
    ended = [record for record in records if record.in_force_to and record.in_force_to < TODAY]

    assert len(upcoming) == len(ended) == 2
    assert all("minh họa" in record.requirements for record in upcoming)
    assert all(f"chỉ áp dụng đến hết ngày {record.in_force_to:%d/%m/%Y}" in record.requirements for record in ended)


def test_dated_fees_follow_each_other_without_a_gap(records):
    ends = {(record.code, fee.note, fee.valid_to) for record in records for fee in record.fees if fee.valid_to}
    starts = {(record.code, fee.note, fee.valid_from) for record in records for fee in record.fees if fee.valid_from}

    assert ends
    assert {(code, note, day + timedelta(days=1)) for code, note, day in ends} == starts


def test_names_and_decisions_are_those_of_the_national_database(records, tthc_data):
    known = {}
    for code, text in source_texts(tthc_data):
        known.setdefault(code, set()).add((labelled(text, "Tên thủ tục"), labelled(text, "Số quyết định")))

    strangers = [
        record.code for record in records if (record.name, record.decision_number) not in known.get(record.code, ())
    ]
    assert strangers == []


def test_amounts_are_those_of_the_national_database(records, tthc_data):
    """A renewal costs 75% of a first licence; that the portal does the sum is a service, not another fact."""
    sources = {}
    for code, text in source_texts(tthc_data):
        sources[code] = sources.get(code, "") + re.sub(r"(?<=\d)[.,](?=\d{3})", "", text)

    unknown = [
        (record.code, fee.amount)
        for record in records
        for fee in record.fees
        if fee.amount and "75%" not in fee.note and not re.search(rf"(?<!\d){fee.amount}(?!\d)", sources[record.code])
    ]
    assert unknown == []


def test_no_sentence_is_copied(records, tthc_data):
    ours = {run: record.code for record in records for text in own_texts(record) for run in runs(text)}

    copied = {ours[run]: " ".join(run) for _, text in source_texts(tthc_data) for run in runs(text) if run in ours}
    assert copied == {}
