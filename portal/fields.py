"""Model fields that keep text in NFC, whoever writes it, and addresses that mean https."""

from typing import Any

from django.db import models
from django.db.models import lookups

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


class NFCPattern:
    """Looks for a part of the text in the form in which it is stored; Django prepares whole values only."""

    def get_prep_lookup(self) -> Any:
        value = super().get_prep_lookup()  # type: ignore[misc]
        return nfc(value) if isinstance(value, str) else value


for _lookup in (lookups.Contains, lookups.IContains, lookups.StartsWith, lookups.IStartsWith):
    for _field in (CharField, TextField):
        _field.register_lookup(type(_lookup.__name__, (NFCPattern, _lookup), {}))


class URLField(models.URLField):
    """An address. Typed without a scheme it means https, which Django itself assumes from version 6 on."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        # Only forms differ, so migrations need not know of this class.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
