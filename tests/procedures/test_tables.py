import pytest

from procedures.tables import Cell, Column, Sorting, Table

NAME, PLACE, AMOUNT = Column("Tên", "ten"), Column("Nơi"), Column("Giá", "gia", "number")
COLUMNS = [NAME, PLACE, AMOUNT]


def table(value="", **parameters):
    return Table("Bảng", COLUMNS, Sorting.read(value, COLUMNS), "/bang/", parameters)


@pytest.mark.parametrize(
    ("value", "column", "descending"),
    [
        ("", NAME, False),
        ("gia", AMOUNT, False),
        ("-gia", AMOUNT, True),
        ("-ten", NAME, True),
        ("khong-co", NAME, False),
        ("-", NAME, False),
    ],
)
def test_the_order_is_read_from_the_address(value, column, descending):
    assert Sorting.read(value, COLUMNS) == Sorting(column, descending)


def test_a_link_orders_by_its_column_and_turns_round_the_one_in_use():
    links = table("gia", ngay="2026-07-01").sort_links

    assert [(link.label, link.url, link.direction) for link in links] == [
        ("Tên", "/bang/?ngay=2026-07-01", ""),
        ("Giá", "/bang/?ngay=2026-07-01&sap-xep=-gia", "ascending"),
    ]


def test_the_usual_table_has_the_plain_address():
    assert table().url == "/bang/"
    assert table().query == ""
    assert table("-ten").query == "?sap-xep=-ten"


def test_columns_that_nobody_has_filled_in_are_left_out():
    made = table()
    made.rows.append([Cell(NAME, "Một"), Cell(PLACE, ""), Cell(AMOUNT, "1 ₫")])

    assert made.heads == [(NAME, "ascending"), (AMOUNT, "")]
    assert [cell.text for cell in made.filled_rows[0]] == ["Một", "1 ₫"]
