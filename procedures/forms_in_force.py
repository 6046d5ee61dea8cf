"""Addresses of forms (mẫu đơn, tờ khai) that stay while the files behind them change.

A form is known by its procedure and its name: whoever kept the address gets the file in force, and
the file of another day stays reachable, marked as such.
"""

from datetime import date

from portal.text import slugify
from procedures import versions
from procedures.models import FormFile, Procedure


def of(procedure: Procedure) -> dict[str, FormFile]:
    """Return the forms that can be fetched, by the word that stands for each in its address."""
    forms: dict[str, FormFile] = {}
    for item in procedure.items.all():
        if not (item.form and file_address(item.form)):
            continue
        base, number = slugify(item.form.name) or "mau", 1
        word = base
        while word in forms and file_address(forms[word]) != file_address(item.form):
            number += 1
            word = f"{base}-{number}"
        forms[word] = item.form
    return forms


def words(procedure: Procedure) -> dict[str, str]:
    """Return the words of the addresses by the files that they lead to."""
    return {file_address(form): word for word, form in of(procedure).items()}


def file_address(form: FormFile) -> str:
    """Return where the file itself is; nothing where it cannot be fetched."""
    return form.file.url if form.file else form.url


def last_day(procedure: Procedure, word: str, *, on: date) -> date | None:
    """Return the day from which the latest version until `on` that had the form was in force."""
    for version in procedure.versions.filter(valid_from__lte=on).order_by("-valid_from"):
        if word in of(versions.thaw(version.content, procedure)):
            return version.valid_from
    return None
