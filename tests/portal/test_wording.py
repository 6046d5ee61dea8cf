"""Django's own words, as our locale overrides them."""

import gettext
import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils.formats import date_format

CATALOGUE = Path(settings.BASE_DIR) / "portal/locale/vi/LC_MESSAGES/django"
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"\n)+)', re.MULTILINE)


def quoted(lines):
    return "".join(re.findall(r'"(.*)"', lines)).replace("\\n", "\n").replace('\\"', '"')


def entries():
    found = [
        (quoted(key), quoted(value)) for key, value in ENTRY.findall(CATALOGUE.with_suffix(".po").read_text("utf-8"))
    ]
    return [(key, value) for key, value in found if key]


def test_the_compiled_words_are_those_of_the_list():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert len(entries()) > 60
    for key, value in entries():
        assert value in {compiled.gettext(key), compiled.ngettext(key, key, 1)}


def test_every_word_keeps_the_places_that_django_fills_in():
    for key, value in entries():
        assert set(re.findall(r"%\(\w+\)s|%s|{}", value)) <= set(re.findall(r"%\(\w+\)s|%s|{}", key)), key


@pytest.mark.parametrize("unwanted", ["vui lòng", "quý khách", "click", "tại đây"])
def test_the_house_words_are_kept(unwanted):
    assert not [value for _, value in entries() if unwanted in value.lower()]


@pytest.mark.parametrize("typed", ["03/04/2026", "3/4/2026", "03-04-2026", "03.04.2026", "2026-04-03"])
def test_dates_are_read_day_first(typed):
    assert forms.DateField().clean(typed) == date(2026, 4, 3)


def test_dates_are_shown_day_first():
    assert date_format(date(2026, 4, 3)) == "03/04/2026"
    assert forms.DateField().widget.format_value(date(2026, 4, 3)) == "03/04/2026"
