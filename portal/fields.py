"""Model fields that keep text in NFC, whoever writes it."""

from typing import Any

from django.db import models

from portal.text import nfc


class NFCMixin:
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return nfc(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return nfc(value) if isinstance(value, str) else value


class CharField(NFCMixin, models.CharField):
    pass


class TextField(NFCMixin, models.TextField):
    pass
