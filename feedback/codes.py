"""Receipt codes: eight random letters and digits that cannot be misread (Crockford's, no I L O U)."""

import secrets

from feedback.models import CODE_LENGTH
from portal.text import fold

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# As people write them down or read them out.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a code that nobody can guess: one of 32^8."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read(text: str) -> str:
    """Return the code that somebody typed, with or without spaces and hyphens; empty where it cannot be one."""
    letters = "".join(filter(str.isalnum, fold(text))).upper().translate(_READ_AS)
    valid = len(letters) == CODE_LENGTH and all(letter in ALPHABET for letter in letters)
    return letters if valid else ""
