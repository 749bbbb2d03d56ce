"""The industry of a project: code and edition of GB/T 4754, told apart from the name beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geoaq.frames import Severity
from geoaq.io.cells.text import is_blank, tidy

# Sections of GB/T 4754-2017 and their first and last divisions; those of 2011 end at 96.
_SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60),
    "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79),
    "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
_CLASS_DIGITS = 4
_STANDARD = re.compile(r"\(?(?:GB ?/? ?T? ?)?4754[-—–:/ ]*((?:19|20)\d{2})?(?: ?版| ?年版?)?\)?")
_YEAR = re.compile(r"\(?(?<!\d)(20(?:02|11|17|19))(?:年版?|版|年修[订改]版?|\))\)?")
_CODE = re.compile(r"(?<![A-Z\d.])([A-T])? ?(\d{2,4})(?!\d)")
_EDITIONS = {"2017": "2017", "2019": "2017", "2011": "2011"}


@dataclass(frozen=True)
class Industry:
    """What an industry cell says: code (digits, ``""`` none), edition (``""`` not stated), oddities."""

    code: str = ""
    edition: str = ""
    codes: tuple[tuple[str, Severity], ...] = ()


def read_edition(text: str) -> str | None:
    """Return the edition of GB/T 4754 that a text names, ``""`` for none, None for one not known here.

    Examples
    --------
    >>> read_edition("GB/T 4754-2017"), read_edition("行业代码"), read_edition("2002")
    ('2017', '', None)
    """
    if is_blank(text):
        return ""
    plain = tidy(text).upper()
    found = re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", plain.replace("4754", " "))
    return _EDITIONS.get(found[1]) if found else ""


def read_industry(text: str) -> Industry:
    """Return code and edition of a cell; a name alone gives no code, several codes give none either.

    Where one code holds another (``C30 非金属矿物制品业 3011``), the longer one counts.

    Examples
    --------
    >>> read_industry("C3011 水泥制造").code, read_industry("3011（GB/T 4754-2017）")
    ('3011', Industry(code='3011', edition='2017', codes=()))
    >>> read_industry("水泥制造").codes
    (('industry_name_only', 'warning'),)
    """
    if is_blank(text):
        return Industry(codes=(("industry_missing", "warning"),))
    plain = re.sub(r"(?<=\d)\.0+$", "", tidy(text).upper())
    stated = _STANDARD.search(plain) or _YEAR.search(plain)
    edition = _EDITIONS.get(stated[1] or "", "") if stated else ""
    found = _CODE.findall(_YEAR.sub(" ", _STANDARD.sub(" ", plain)))
    digits = list(dict.fromkeys(code for _, code in found))
    finest = [one for one in digits if not any(other != one and other.startswith(one) for other in digits)]
    if not finest:
        return Industry("", edition, (("industry_name_only", "warning"),))
    if len(finest) > 1:
        return Industry("", edition, (("industry_several", "warning"),))
    code = finest[0]
    letters = {letter for letter, number in found if letter and code.startswith(number)}
    return Industry(code, edition, _doubts(code, letters))


def _doubts(code: str, letters: set[str]) -> tuple[tuple[str, Severity], ...]:
    division = int(code[:2])
    section = next((name for name, (first, last) in _SECTIONS.items() if first <= division <= last), "")
    if not section:
        return (("industry_code_unknown", "warning"),)
    if letters - {section}:
        return (("industry_letter_differs", "warning"),)
    return (("industry_code_short", "warning"),) if len(code) < _CLASS_DIGITS else ()
