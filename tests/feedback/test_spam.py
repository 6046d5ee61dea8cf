from datetime import UTC, datetime, timedelta

import pytest

from feedback import spam
from feedback.models import FeedbackSettings, Submission

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TEXT = "Phải nộp hai lần cùng một loại giấy."


def judge(*texts, at=NOW, settings=None, **values):
    sending = spam.Sending(
        **{"started_at": at - timedelta(minutes=2), "visitor": "203.0.113.9", "contact": "", **values},
        texts=texts or (TEXT,),
    )
    return spam.suspicion(sending, settings or FeedbackSettings(), at=at)


@pytest.mark.django_db
def test_an_ordinary_opinion_is_not_suspected():
    assert judge(TEXT, "Phai nop hai lan cung mot loai giay", "Xem https://example.org và www.example.org.") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Xem http://a.vn http://b.vn https://c.vn", "Có nhiều liên kết"),
        ("Xem [url=a.vn]đây[/url]", "Có mã chèn liên kết"),
        ("Cá cược bóng đá mỗi ngày", "Có từ ngữ quảng cáo"),
        ("Купить дешево сегодня", "Không viết bằng tiếng Việt"),
    ],
)
def test_what_looks_like_spam_is_told_in_words(text, reason):
    assert judge(text) == reason


@pytest.mark.django_db
def test_programs_give_themselves_away():
    assert judge(trapped=True) == "Điền cả ô ẩn mà người đọc không thấy"
    assert judge(formless=True) == "Gửi không qua biểu mẫu của trang"
    assert judge(started_at=NOW - timedelta(seconds=2)) == "Điền xong nhanh bất thường"
    assert judge(started_at=NOW - timedelta(seconds=3)) == ""


@pytest.mark.django_db
def test_reasons_are_told_together():
    assert judge("Casino", trapped=True) == "Điền cả ô ẩn mà người đọc không thấy, có từ ngữ quảng cáo"


@pytest.mark.django_db
def test_whatever_there_is_to_say_fits_the_row():
    settings = FeedbackSettings(most_a_day_from_address=0, most_a_day_from_contact=0)
    worst = {"trapped": True, "formless": True, "started_at": NOW, "contact": "abc"}
    found = judge("Casino [url=a] http://a http://b http://c купить дешево сегодня", settings=settings, **worst)
    assert 0 < len(found) <= Submission._meta.get_field("suspicion").max_length


@pytest.mark.django_db
def test_more_than_the_offices_number_a_day_waits_for_a_person():
    settings = FeedbackSettings(most_a_day_from_address=2, most_a_day_from_contact=9)
    assert [judge(settings=settings) for _ in range(3)][1:] == [
        "",
        "Quá nhiều lượt gửi trong ngày từ một địa chỉ mạng",
    ]
    assert judge(settings=settings, visitor="203.0.113.10") == ""


@pytest.mark.django_db
def test_one_person_is_counted_wherever_the_sendings_come_from():
    settings = FeedbackSettings(most_a_day_from_contact=2)
    found = [judge(settings=settings, contact="abc", visitor=f"203.0.113.{number}") for number in range(3)]
    assert found == ["", "", "Quá nhiều lượt gửi trong ngày của một người"]
    assert judge(settings=settings, contact="", visitor="203.0.113.77") == ""


@pytest.mark.django_db
def test_too_many_sendings_within_minutes_are_put_off_and_taken_later():
    first = [spam.is_over_the_limit("203.0.113.9", at=NOW) for _ in range(spam.MOST_IN_MINUTES + 1)]
    assert first == [False] * spam.MOST_IN_MINUTES + [True]
    assert not spam.is_over_the_limit("203.0.113.10", at=NOW)
    assert not spam.is_over_the_limit("203.0.113.9", at=NOW + timedelta(minutes=spam.MINUTES))


def test_a_form_tells_when_it_was_opened_unless_somebody_changed_it():
    token = spam.form_token(at=NOW)
    assert spam.opened_at(token) == NOW
    assert spam.opened_at(token + "x") is None
    assert spam.opened_at("") is None


def solve(question):
    names = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5}
    first, _, second = question.removesuffix(" bằng mấy?").lower().partition(" cộng ")
    return names[first] + names[second]


def test_the_question_is_answered_in_figures_or_words_with_or_without_marks():
    words = {2: "hai", 3: "ba", 4: "bốn", 5: "Năm.", 6: "sau", 7: "bay", 8: "tám", 9: "CHÍN", 10: " mười "}
    for _ in range(40):
        asked = spam.challenge("draft")
        total = solve(asked.question)
        assert spam.is_answered(asked.token, str(total), "draft")
        assert spam.is_answered(asked.token, words[total], "draft")
        assert not spam.is_answered(asked.token, str(total + 1), "draft")


def test_an_answer_serves_one_draft_and_one_question():
    asked = spam.challenge("draft")
    total = str(solve(asked.question))
    assert not spam.is_answered(asked.token, total, "another draft")
    assert not spam.is_answered("", total, "draft")
    assert not spam.is_answered(asked.token, "", "draft")
    assert spam.challenge("draft").token != asked.token
