import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures import flow
from procedures.models import InternalProcess, ProcessStep

texts = st.text(alphabet="abcđêôơưạ ", min_size=1, max_size=300).filter(str.strip)


def process(*steps):
    made = InternalProcess(pk=1)
    rows = [ProcessStep(name=name, role=role, time=1, time_unit="working_day") for name, role in steps]
    made._prefetched_objects_cache = {"steps": rows}
    return made


def test_a_process_without_steps_has_no_picture():
    assert flow.draw(process()) is None


def test_each_step_is_a_box_with_its_number_who_what_and_time():
    drawn = flow.draw(process(("Tiếp nhận hồ sơ", "Bộ phận Một cửa"), ("Ký kết quả", "Lãnh đạo Sở")))

    assert drawn is not None
    assert [box.number for box in drawn.boxes] == [1, 2]
    assert [(line.text, line.kind) for line in drawn.boxes[1].lines] == [
        ("Lãnh đạo Sở", "who"),
        ("Ký kết quả", "what"),
        ("1 ngày làm việc", "time"),
    ]
    assert drawn.total == "2 ngày làm việc"


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_boxes_stand_below_one_another_and_hold_all_their_words(steps):
    drawn = flow.draw(process(*steps))

    assert drawn is not None
    for above, below in zip(drawn.boxes, drawn.boxes[1:], strict=False):
        assert above.bottom + flow.GAP == below.y
    assert drawn.boxes[-1].bottom < drawn.end < drawn.height
    for box, (name, _) in zip(drawn.boxes, steps, strict=True):
        assert all(box.y < line.y < box.bottom for line in box.lines)
        assert all(flow.width(line.text) <= flow.LINE_WIDTH for line in box.lines)
        said = "".join(line.text for line in box.lines if line.kind == "what")
        assert said.replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Thẩm định hồ sơ, xem nơi đặt máy khi cần", ["Thẩm định hồ sơ, xem nơi đặt", "máy khi cần"]),
        ("Lãnh đạo Sở", ["Lãnh đạo Sở"]),
        ("MMMMMMMMMMMMMMMMMMMM", ["MMMMMMMMMMMMMMMM", "MMMM"]),
    ],
)
def test_lines_end_between_words_unless_a_word_is_too_long(text, lines):
    assert flow.wrap(text, flow.LINE_WIDTH) == lines
