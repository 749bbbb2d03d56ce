"""What a feed sent back: a whole table of FIRMS, or what else. A status of 200 says little."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NoReturn

from geoaq.errors import InputError, NotReadyError
from geoaq.io.fires.firms import is_firms
from geoaq.io.fires.layouts import refusal_of

_HEAD, _TAIL = 4096, 4096
_SHOWN = 200
# The last cell of a row, by the last column of the header.
_LAST_CELLS = {"daynight": {"D", "N"}, "type": {"0", "1", "2", "3"}}


class AgainError(Exception):
    """An answer that another attempt may better; ``wait_s`` is how long the server asks to wait, or None."""

    def __init__(self, problem: str, wait_s: float | None = None) -> None:
        self.problem = problem
        self.wait_s = wait_s
        super().__init__(problem)


def refuse(text: str, secret: str) -> NoReturn:
    """Raise the error that an answer in words stands for; the secret is taken out of what is shown.

    Raises
    ------
    InputError
        ``firms_key_invalid``, or ``firms_refused`` with the words of the server.
    NotReadyError
        ``firms_quota``.
    AgainError
        A web page: of a proxy, or of a server under repair.
    """
    code = refusal_of(text)
    if code == "firms_quota":
        raise NotReadyError(code)
    if code:
        raise InputError(code)
    if "<html" in text.lower() or "<!doctype" in text.lower():
        raise AgainError("a web page instead of a table")
    shown = " ".join(text.split())[:_SHOWN]
    raise InputError("firms_refused", text=shown.replace(secret, "…") if secret else shown)


def check_table(path: Path, secret: str) -> int:
    """Say whether a file is a whole table of FIRMS, and return the number of its columns.

    Raises
    ------
    InputError, NotReadyError
        As `refuse`.
    AgainError
        Nothing, or a table that breaks off: its last row has too few cells, or the last of them is cut.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", "replace").removeprefix("\ufeff")
        file.seek(max(0, size - _TAIL))
        tail = file.read().decode("utf-8", "replace")
    if not head.strip():
        raise AgainError("an empty answer")
    first = head.splitlines()[0]
    header = [cell.strip().lower() for cell in next(csv.reader([first]))]
    if not is_firms(header):
        # A header that broke off is a beginning of one.
        if header[0] in {"latitude", "country_id"}:
            raise AgainError("the table breaks off")
        refuse(head, secret)
    lines = tail.splitlines()
    last = next(csv.reader([next(line for line in reversed(lines) if line.strip())]))
    if len(last) != len(header):
        raise AgainError("the table breaks off")
    whole = [cell.strip().lower() for cell in last] == header
    known = _LAST_CELLS.get(header[-1])
    if not whole and not tail.endswith("\n") and known is not None and last[-1].strip() not in known:
        raise AgainError("the table breaks off")
    return len(header)
