"""National codes as people type them in an address: with or without dots, with or without the province."""

import re

from procedures.models import Procedure

_TYPED = re.compile(r"(\d)\.?(\d{6})(?:\.?000\.?00\.?00\.?([A-Z]\d{2}))?", re.IGNORECASE | re.ASCII)


def find_published(typed: str) -> Procedure | None:
    """Return the published procedure that a code typed in another way can only mean."""
    parts = _TYPED.fullmatch(typed.strip())
    if parts is None:
        return None
    national, province = f"{parts[1]}.{parts[2]}", parts[3]
    published = Procedure.objects.published()
    if province:
        wanted = f"{national}.000.00.00.{province.upper()}"
        return published.filter(code=wanted).first() or published.filter(code=national).first()
    if exact := published.filter(code=national).first():
        return exact
    in_provinces = published.filter(code__startswith=f"{national}.")[:2]
    return in_provinces[0] if len(in_provinces) == 1 else None
