import re

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


def takes_the_place_of_another(name):
    folders = [folder for folder in get_app_template_dirs("templates") if ROOT / "templates" not in folder.parents]
    return any((folder / name).is_file() and folder not in own_template_folders() for folder in folders)


def test_every_template_is_used():
    templates = own_templates()
    sources = [*templates.values(), *(ROOT / "portal").rglob("*.py"), *(ROOT / "procedures").rglob("*.py")]
    named = set(re.findall(r"""["']([\w/.-]+\.\w+)["']""", "\n".join(path.read_text() for path in sources)))

    unused = [name for name in templates if name not in named | ERROR_PAGES and not takes_the_place_of_another(name)]

    assert unused == []


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
