import runpy

from django.conf import settings
from django.test import override_settings


def media_patterns():
    patterns = runpy.run_path(str(settings.BASE_DIR / "portal" / "urls.py"))["urlpatterns"]
    return [pattern for pattern in patterns if str(pattern.pattern).startswith("^media/")]


def test_a_developer_can_open_uploaded_files():
    with override_settings(DEBUG=True):
        assert len(media_patterns()) == 1


def test_elsewhere_the_portal_leaves_uploaded_files_to_the_web_server():
    assert media_patterns() == []
