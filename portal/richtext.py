"""Text with headings, lists, tables and pictures: typed in CKEditor, sanitised when it is stored."""

import nh3

from portal.fields import TextField
from portal.text import nfc


def sanitise(html: str) -> str:
    """Return the HTML with nothing in it but what the allow-list names."""
    return nh3.clean(nfc(html))


class RichTextField(TextField):
    """HTML that is safe to show, whoever stored it."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return sanitise(value) if isinstance(value, str) else value
