"""Text that names a person: encrypted in the database, read as ordinary text."""

import base64
from functools import cache
from hashlib import pbkdf2_hmac
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from encrypted_fields.fields import EncryptedTextField

from portal.text import nfc


class Undecipherable(Exception):
    """None of the keys in PERSONAL_DATA_KEYS opens the value; it stays as it is."""


@cache
def _derived(secret: str) -> bytes:
    # The secrets are long and random, so the derivation only gives them the form that Fernet asks for.
    return base64.urlsafe_b64encode(pbkdf2_hmac("sha256", secret.encode(), b"feedback.personal-data", 100_000))


class PersonalField(EncryptedTextField):
    """Text encrypted with the first of PERSONAL_DATA_KEYS, opened with any of them; nothing is stored as NULL.

    The keys do not depend on SECRET_KEY, which may be changed for other reasons.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["null"] = kwargs["blank"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def keys(self) -> list[bytes]:
        return [_derived(secret) for secret in settings.PERSONAL_DATA_KEYS]

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(nfc(value) if isinstance(value, str) else value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        if not value:
            return ""
        try:
            return self.f.decrypt(value.encode()).decode()
        except InvalidToken as error:
            # The library would hand out what is stored, and the next save would encrypt that once more.
            raise Undecipherable(self.name) from error

    def to_python(self, value: Any) -> Any:
        return "" if value is None else str(value)
