"""Reads the year of a day as offices write it: 2010年5月, 2010-05-01, 2010.5, 20100501, 2010."""

from __future__ import annotations

import re
from datetime import date, timedelta

from geoaq.io.cells.text import tidy

FIRST, LAST = 1900, 2100
_YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})(?![0-9])")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?")
_SHORT = re.compile(r"([0-9]{2})年")
# A day that lost its format in a workbook: days since 1899-12-30.
_SERIAL = re.compile(r"([1-5][0-9]{4})(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)


def read_year(text: str) -> int | None:
    """Return the year that a cell names, None where it names none, or two.

    Examples
    --------
    >>> [read_year(text) for text in ("2010年5月", "2003-07-01", "201005", "98年", "2010—2012年", "36526")]
    [2010, 2003, 2010, 1998, None, 2000]
    """
    plain = tidy(text)
    if compact := _COMPACT.fullmatch(plain):
        return int(compact[1])
    if serial := _SERIAL.fullmatch(plain):
        return (_SERIAL_ZERO + timedelta(days=int(serial[1]))).year
    years = {int(year) for year in _YEAR.findall(plain)}
    if not years and (short := _SHORT.match(plain)):
        two = int(short[1])
        years = {two + (1900 if two >= 50 else 2000)}
    return years.pop() if len(years) == 1 and FIRST <= min(years) <= LAST else None
