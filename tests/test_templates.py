import re
from pathlib import PurePosixPath

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.utils import get_app_template_dirs

ROOT = settings.BASE_DIR
# Django looks for these by itself.
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def own_template_folders():
    return [ROOT / "templates", *ROOT.glob("*/templates")]


def own_templates():
    return {
        str(path.relative_to(folder)): path
        for folder in own_template_folders()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_of_libraries():
    """Return the names under which Django and the libraries look for templates of their own."""
    folders = [folder for folder in get_app_template_dirs("templates") if folder not in own_template_folders()]
    return {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.html")}


def is_used(name, named, library_names):
    # The admin looks for admin/APP/MODEL/x.html before its own admin/x.html.
    general = re.sub(r"^admin/(?:\w+/){1,2}(?=\w+\.html$)", "admin/", name)
    # Views of one folder may name the file alone.
    return bool({name, PurePosixPath(name).name} & named or {name, general} & (library_names | ERROR_PAGES))


def test_every_template_is_used():
    templates = own_templates()
    code = [
        path for app in ("portal", "procedures", "news", "feedback", "reports") for path in (ROOT / app).rglob("*.py")
    ]
    sources = [*templates.values(), *code]
    named = set(re.findall(r"""["']([\w/.-]+\.\w+)["']""", "\n".join(path.read_text() for path in sources)))
    library_names = names_of_libraries()

    assert [name for name in sorted(templates) if not is_used(name, named, library_names)] == []


@pytest.mark.parametrize("name", sorted(own_templates()))
def test_every_template_can_be_read(name):
    engines["django"].get_template(name)


def test_a_variable_that_nobody_gave_fails_a_page_of_ours():
    template = engines["django"].from_string("{{ organisation.nmae }}")
    template.template.nodelist[0].origin.name = str(ROOT / "templates" / "home.html")

    with pytest.raises(AssertionError, match=r"organisation\.nmae"):
        template.render({"organisation": AnonymousUser()})


def test_a_variable_that_nobody_gave_passes_on_a_page_of_a_library():
    template = engines["django"].from_string("{{ missing }}")

    assert template.render({}) == ""
