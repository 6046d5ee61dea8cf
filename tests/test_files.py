"""Guards over every file of the project: what no file may hold."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
GUARDS = "tests/test_files.py"

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|opt|mnt)/\w|\b[A-Z]:\\\\?[A-Z]")
REGISTRY = re.compile(r"pypi\.org|pythonhosted|npmjs|registry\.|index-url|find-links")
INLINE = {
    "style": re.compile(r"""\sstyle\s*=\s*\\?["']|<style\b"""),
    "handler": re.compile(r"""\son[a-z]{3,}\s*=\s*\\?["']|javascript:"""),
    # A block of data is no script, and a browser under our policy leaves it alone.
    "script": re.compile(r"""<script\b(?![^>]*(?:\bsrc\s*=|type="application/(?:ld\+)?json"))"""),
    "text marked as safe": re.compile(r"\|\s*safe(?:seq)?\b|\bmark_safe\b|\bSafeString\(|autoescape off"),
    "view without CSRF check": re.compile(r"\bcsrf_exempt\b"),
}
# By name, each with its reason.
EXCEPTIONS = {
    # A mail is no page: it has no policy to keep, and no other place for its style.
    "style": {"templates/mail/base.html"},
    # Text from the editor is shown as HTML; `shown` sanitises what is not known to be sanitised.
    "text marked as safe": {"portal/richtext.py"},
    # Mail programs end a subscription by a post of their own (RFC 8058); the secret is in the address.
    # The box of the receipt code and what is asked without a name stand on pages that set no cookie: the browser
    # lends them no authority, so a forged form does no more than anybody can.
    "view without CSRF check": {
        "procedures/subscription_views.py",
        "feedback/follow_up_views.py",
        "feedback/survey_views.py",
    },
}
UNKIND_WORDS = re.compile(r"vui lòng|quý khách|tại đây|\bclick\b|nhấp chuột", re.IGNORECASE)


def text_files():
    """Return the text of every file that is or could be committed, by its path in the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    texts = {}
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return texts


@pytest.fixture(scope="module")
def texts():
    return text_files()


def places(texts, pattern, chosen=lambda name: True):
    """Return "file:line: text" for each match in the files chosen."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        if name != GUARDS and chosen(name)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def is_page_or_code(name):
    return Path(name).suffix in {".html", ".py", ".js", ".svg", ".xml"} and not name.startswith("tests/")


def test_the_guards_see_the_project(texts):
    assert {"manage.py", "portal/settings.py", "README.md", "Makefile"} <= texts.keys()


def test_no_file_names_a_place_on_one_machine(texts):
    assert places(texts, MACHINE_PATH) == []


def test_no_file_names_a_package_registry(texts):
    assert places(texts, REGISTRY) == []


@pytest.mark.parametrize("kind", INLINE)
def test_no_page_holds_inline(texts, kind):
    assert (
        places(texts, INLINE[kind], lambda name: is_page_or_code(name) and name not in EXCEPTIONS.get(kind, set()))
        == []
    )


def test_no_exception_outlives_its_reason(texts):
    assert [name for kind, names in EXCEPTIONS.items() for name in names if not INLINE[kind].search(texts[name])] == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("style", '<p style="color: red">'),
        ("style", "<style>"),
        ("handler", '<a onclick="go()">'),
        ("handler", '<a href="javascript:go()">'),
        ("script", "<script>"),
        ("script", '<script type="module">'),
        ("text marked as safe", "{{ text|safe }}"),
        ("text marked as safe", "mark_safe(text)"),
        ("view without CSRF check", "@csrf_exempt"),
    ],
)
def test_the_guards_know_what_is_inline(kind, line):
    assert INLINE[kind].search(line)


def test_a_script_file_and_a_block_of_data_are_not_inline():
    assert not INLINE["script"].search("""<script src="{% static 'js/portal.js' %}" defer>""")
    assert not INLINE["script"].search('<script type="application/ld+json">')


def test_all_text_is_in_the_one_form_of_unicode(texts):
    assert [name for name, text in texts.items() if not unicodedata.is_normalized("NFC", text)] == []


def test_no_page_uses_a_word_that_the_portal_avoids(texts):
    assert places(texts, UNKIND_WORDS, lambda name: name.endswith(".html")) == []
