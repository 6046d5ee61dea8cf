import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.redacting import Known, look, masked, national
from portal.text import fold

KNOWN = Known(
    names=("Nguyễn Văn A",),
    organisations=("Công ty TNHH Thử Nghiệm",),
    addresses=("Số 2 Đường Thử, phường Một, thành phố Bà Rịa",),
    phones=("0903 000 111",),
    emails=("guithu@example.org",),
    dossiers=("HS-2026-00015",),
    codes=("K0000001",),
    published=("0254 000 0009", "vanphong@example.org"),
)
NOBODY = Known()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tôi là Nguyễn Văn A.", "Tôi là [tên]."),
        ("toi la nguyen van a", "toi la [tên]"),
        ("NGUYỄN VĂN A ký", "[tên] ký"),
        ("Tôi là A Nguyễn Văn", "Tôi là [tên]"),
        ("anh Nguyễn Văn đến", "anh [tên] đến"),
        ("tài khoản nguyenvana", "tài khoản [tên]"),
        ("tài khoản nguyen_van_a", "tài khoản [tên]"),
        ("N\u200bguyễn Văn A", "[tên]"),
        ("Nguye\u0302\u0303n Va\u0306n A", "[tên]"),
        ("Công ty TNHH Thử Nghiệm nộp", "[tên tổ chức] nộp"),
        ("cong ty thu nghiem nop", "[tên tổ chức] nop"),
        ("ở số 2 đường Thử nhé", "ở số [địa chỉ] nhé"),
        ("nhà số 2, Thử", "nhà số [địa chỉ]"),
        ("đường Thử ngập", "đường [địa chỉ] ngập"),
        ("gọi 0903000111", "gọi [số điện thoại]"),
        ("gọi 0903.000.111", "gọi [số điện thoại]"),
        ("gọi (+84) 903 000 111", "gọi [số điện thoại]"),
        ("gọi 0903 rồi 000 và cuối là 111", "gọi [số điện thoại]"),
        ("gọi không chín không ba không không không một một một", "gọi [số điện thoại]"),
        ("gọi ０９０３０００１１１", "gọi [số điện thoại]"),
        ("thư guithu@example.org", "thư [thư điện tử]"),
        ("thư guithu @ example.org", "thư [thư điện tử]"),
        ("zalo của guithu", "zalo của [thư điện tử]"),
        ("hồ sơ HS 2026 00015", "hồ sơ [mã hồ sơ]"),
        ("mã k000-0001", "mã [mã biên nhận]"),
    ],
)
def test_what_is_known_of_the_sender_is_masked(text, expected):
    assert masked(text, KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gọi 0912 345 678", "[số điện thoại]"),
        ("gọi 0254.3852.123", "[số điện thoại]"),
        ("CCCD 079123456789", "[số giấy tờ]"),
        ("CMND 123 456 789", "[số giấy tờ]"),
        ("hộ chiếu B1234567", "[số giấy tờ]"),
        ("mã số thuế 3500123456-001", "[dãy số]"),
        ("tài khoản 1234 5678 9012 345", "[dãy số]"),
        ("thư ai.do@example.com", "[thư điện tử]"),
        ("thư ai.do (at) example.com", "[thư điện tử]"),
        ("facebook.com/ai.do", "[trang cá nhân]"),
        ("hồ sơ 000.00.17.H06-240701-0005", "[mã hồ sơ]"),
        ("hồ sơ H06.17-240701-0005", "[mã hồ sơ]"),
        ("ông Trần B nói", "[tên]"),
        ("chị B nói", "[tên]"),
        ("ĐT: 3852 123", "[số điện thoại]"),
        ("một hai ba bốn năm sáu bảy tám", "[số điện thoại]"),
    ],
)
def test_what_looks_like_a_person_is_masked_whoever_it_is(text, expected):
    assert expected in masked(text, NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        "Văn phòng Sở, thành phố Bà Rịa, tỉnh Bà Rịa - Vũng Tàu",
        "Nộp ngày 01/7/2024, trả ngày 15.7.2024, giai đoạn 2024-2025.",
        "Phí 100.000.000 đồng theo Nghị định 20/2008/NĐ-CP.",
        "Thủ tục 1.014390 và 1.001786.000.00.00.H06",
        "Gọi 0254 000 0009 hoặc vanphong@example.org, tổng đài 1900 1234.",
        "Phản ánh, kiến nghị của người dân; đường đến Sở còn xa.",
        "Có ba năm, bảy tháng, hai mươi ngày.",
    ],
)
def test_what_names_nobody_stays(text):
    assert look(text, KNOWN) == []


CLINIC = "Đại diện Phòng khám Răng Minh Họa"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (CLINIC, "Khi xin giấy phép, phòng khám phải nộp lại.", "Khi xin giấy phép, phòng khám phải nộp lại."),
        (CLINIC, "người đại diện phòng khám đến", "người đại diện phòng khám đến"),
        (CLINIC, "Phòng khám Răng Minh Họa nộp", "[tên] nộp"),
        (CLINIC, "Răng Minh Họa nộp", "[tên] nộp"),
        (CLINIC, "rang minh hoa nop", "[tên] nop"),
        (CLINIC, f"{CLINIC} ký", "[tên] ký"),
        ("Trần Thị Thử - Giám đốc Công ty TNHH", "giám đốc công ty trả lời", "giám đốc công ty trả lời"),
        ("Trần Thị Thử - Giám đốc Công ty TNHH", "Thị Thử trả lời", "[tên] trả lời"),
        # As the name of a person, these are a name.
        ("Lê Trung Tâm", "gặp Trung Tâm ở quầy", "gặp [tên] ở quầy"),
        ("Trương Văn Phòng", "gặp Văn Phòng ở quầy", "gặp [tên] ở quầy"),
        ("Ông Ích Thử", "gặp Ông Ích ở quầy", "gặp [tên] ở quầy"),
        ("Trung Tâm", "gặp Trung Tâm ở quầy", "gặp [tên] ở quầy"),
    ],
)
def test_what_somebody_is_does_not_tell_who_it_is(name, text, expected):
    assert masked(text, Known(names=(name,))) == expected


def test_a_sender_who_agreed_is_named():
    agreed = Known(names=("Nguyễn Văn A",), phones=("0903000111",), may_name=True)

    assert masked("Ông Nguyễn Văn A, 0903000111", agreed) == "Ông Nguyễn Văn A, [số điện thoại]"


def test_a_finding_says_where_it_stands_and_why():
    found = look("Tôi là Nguyễn Văn A.", KNOWN)

    assert [(one.start, one.end, one.own) for one in found] == [(7, 19, True)]
    assert found[0].text("Tôi là Nguyễn Văn A.") == "Nguyễn Văn A"
    assert found[0].why == "Tên người gửi."


def test_what_is_known_does_not_show_itself():
    assert "0903" not in repr(KNOWN)
    assert "Nguyễn" not in repr(KNOWN)


# Any name and any number, in any usual writing, in the middle of any words.

SYLLABLES = ["Nguyễn", "Trần", "Lê", "Đặng", "Thị", "Văn", "Hữu", "Thúy", "Hằng", "Quỳnh", "Đức", "Ưng", "Yến", "Ấn"]
names = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4, unique=True)
around = st.sampled_from(["", "xin trình bày", "hồ sơ nộp ngày 01/7/2024", "của tôi,", "phí 100.000 đồng.", "(", "\n"])


def writings_of_name(syllables):
    whole = " ".join(syllables)
    return st.sampled_from(
        [
            whole,
            whole.upper(),
            whole.lower(),
            fold(whole),
            fold(whole).title(),
            " ".join(syllables[::-1]),
            ", ".join(syllables),
            "  ".join(syllables),
            "\u00a0".join(syllables),
            "-".join(syllables),
            fold("".join(syllables)),
            " ".join(syllables[-2:]),
            " ".join(syllables[:2]),
        ]
    )


@given(names.flatmap(lambda name: st.tuples(st.just(name), writings_of_name(name))), around, around)
def test_a_name_is_found_in_any_usual_writing(name, before, after):
    syllables, written = name
    known = Known(names=(" ".join(syllables),))
    text = f"{before} {written} {after}"

    result = masked(text, known)

    assert not (set(re.findall(r"\w+", fold(result))) & {fold(one) for one in syllables})
    assert look(result, known) == []


WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
numbers = st.from_regex(r"0[35789][0-9]{8}", fullmatch=True)


def writings_of_phone(number):
    return st.sampled_from(
        [
            number,
            f"+84{number[1:]}",
            f"84 {number[1:]}",
            f"0084{number[1:]}",
            f"(+84) {number[1:4]} {number[4:7]} {number[7:]}",
            f"{number[:4]} {number[4:7]} {number[7:]}",
            f"{number[:4]}.{number[4:7]}.{number[7:]}",
            f"{number[:3]}-{number[3:6]}-{number[6:]}",
            " ".join(number),
            ".".join(number),
            f"{number[:4]} rồi {number[4:7]} cuối là {number[7:]}",
            " ".join(WORDS[int(digit)] for digit in number),
            fold(" ".join(WORDS[int(digit)] for digit in number)),
            number.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
        ]
    )


@given(numbers.flatmap(lambda number: st.tuples(st.just(number), writings_of_phone(number))), around, around)
def test_a_telephone_number_is_found_in_any_usual_writing(phone, before, after):
    number, written = phone
    text = f"{before} {written} {after}"

    result = masked(text, Known(phones=(number,)))

    assert "[số điện thoại]" in result
    assert written not in result
    assert look(result, Known(phones=(number,))) == []


@given(numbers, st.sampled_from(["{}", "0084{}", "+84 {}"]))
def test_the_same_number_is_the_same_however_it_is_stored(number, form):
    stored = number if form == "{}" else form.format(number[1:])

    assert national(stored) == number[1:]


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at_and_what_was_masked_is_not_found_again(text):
    assert look(masked(text, KNOWN), KNOWN) == []
