"""Short texts of the forms of the fire pages: one line or several, with a limit, told at their field."""

from __future__ import annotations

import unicodedata

from flask import request

from geoaq.errors import InputError


def stated_text(field: str, name: str, limit: int, *, lines: bool = False) -> str:
    """Return what a field of the form holds, "" where nothing.

    Parameters
    ----------
    field
        Its name in the form.
    name
        What the page calls it.
    limit
        Characters at most.
    lines
        Line ends are kept; else they and runs of blanks become one blank.

    Raises
    ------
    InputError
        ``field_too_long``; ``field_control``: characters that nobody can see.
    """
    stated = unicodedata.normalize("NFC", request.form.get(field, "")).replace("\r\n", "\n").strip()
    if not lines:
        stated = " ".join(stated.split())
    if len(stated) > limit:
        raise InputError("field_too_long", name=name, limit=limit, field=field)
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} and char != "\n" for char in stated):
        raise InputError("field_control", name=name, field=field)
    return stated


def required_text(field: str, name: str, limit: int, *, lines: bool = False) -> str:
    """Return what a field of the form holds; errors as of `stated_text`, and ``field_blank``."""
    stated = stated_text(field, name, limit, lines=lines)
    if not stated:
        raise InputError("field_blank", name=name, field=field)
    return stated
