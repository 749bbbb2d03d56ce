"""The small tables that an office brings to a bulletin: arable land, cloud cover, checks on the spot.

Rows that cannot be used leave as issues; the file is opened as narrowly as every upload.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.cells.text import trimmed
from geoaq.io.fires.beijing import read_instant
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.synonyms import Synonyms
from geoaq.io.tables import DEFAULT_LIMITS, Grid, Limits, open_table

_SEARCHED_ROWS = 40
_CODE = re.compile(r"[1-8]\d{5}")
# Hectares of one unit, by the word in the header; the longer word first.
_UNITS_HA = (
    ("千公顷", 1000.0), ("万公顷", 10_000.0), ("公顷", 1.0), ("万亩", 10_000 / 15), ("亩", 1 / 15),
    ("平方公里", 100.0), ("平方千米", 100.0), ("km2", 100.0), ("hectare", 1.0), ("(ha)", 1.0), ("_ha", 1.0),
)  # fmt: skip
# No county of China has more, no province either: beyond, a unit has slipped.
_MOST_HA = 40e6
_CHINA = timedelta(hours=8)
_HALF_DAY_S = 43_200


@dataclass(frozen=True)
class OfficeTable:
    """A table that has been read.

    Parameters
    ----------
    frame
        The rows that can be used.
    issues
        What the others lack.
    rows_read
        Rows that hold data: those of ``frame`` and those with an error.
    """

    frame: pd.DataFrame
    issues: IssueLog
    rows_read: int


def read_arable(path: Path, *, product: ListProduct, limits: Limits = DEFAULT_LIMITS) -> OfficeTable:
    """Read hectares of arable land by unit: ``adcode arable_ha``; of a code that stands twice, the last row.

    The header states the unit; 15 亩 are a hectare.

    Raises
    ------
    InputError
        ``columns_missing``: a column or its unit; ``no_rows``: nothing can be used.
    LimitError
        Beyond ``limits``.
    """
    cells, heads = _cells(path, product, limits, ("adcode", "arable"))
    header = unicodedata.normalize("NFKC", heads["arable"]).lower().replace("²", "2")
    factor = next((size for word, size in _UNITS_HA if word in header), None)
    if factor is None:
        title = next(one.title.zh for one in product.columns if one.column == "arable")
        raise InputError("columns_missing", name=path.name, columns=title)
    area = pd.to_numeric(cells["arable"].str.replace(r"[,，\s]", "", regex=True), errors="coerce") * factor
    found = cells.assign(adcode=_codes(cells), arable_ha=area)
    checks = {"adcode": _code_ok(found["adcode"]), "arable": area.between(0.0, _MOST_HA)}
    return _usable(path, found, checks, ["adcode", "arable_ha"], once=["adcode"])


def read_clouds(path: Path, *, product: ListProduct, limits: Limits = DEFAULT_LIMITS) -> OfficeTable:
    """Read shares under cloud: ``adcode day share`` (`datetime.date`, 0–1); errors as of `read_arable`.

    Shares with ``%`` are per cent; where one without it is above 1, all without it are.
    """
    cells, _ = _cells(path, product, limits, ("adcode", "day", "share"))
    plain = cells["share"].str.replace("％", "%")
    marked = plain.str.endswith("%")
    number = pd.to_numeric(plain.str.rstrip("%"), errors="coerce")
    in_percent = marked | bool((number[~marked] > 1).any())
    share = number.where(~in_percent, number / 100)
    found = cells.assign(adcode=_codes(cells), share=share, day=_each(cells["day"], _day))
    checks = {"adcode": _code_ok(found["adcode"]), "day": found["day"].notna(), "share": share.between(0, 1)}
    return _usable(path, found, checks, ["adcode", "day", "share"], once=["adcode", "day"])


def read_checks(path: Path, *, product: ListProduct, limits: Limits = DEFAULT_LIMITS) -> OfficeTable:
    """Read what was found on the spot: ``event result adcode checked_at``; errors as of `read_arable`.

    ``result`` is one of `geoaq.fires.bulletin.RESULTS`; times are Beijing time unless they say otherwise.
    """
    cells, _ = _cells(path, product, limits, ("event", "result"))
    words = {word.lower(): name for name, all_ in product.words["result"].items() for word in all_}
    result = _each(cells["result"].str.lower(), words.get)
    time = _each(cells["checked_at"], _moment)
    found = cells.assign(result=result, checked_at=time, adcode=_codes(cells))
    checks = {
        "event": found["event"] != "",
        "result": found["result"].notna(),
        "adcode": (found["adcode"] == "") | _code_ok(found["adcode"]),
        "checked_at": found["checked_at"].notna(),
    }
    table = _usable(path, found, checks, ["event", "result", "adcode", "checked_at"])
    return OfficeTable(table.frame.astype({"checked_at": "int64"}), table.issues, table.rows_read)


def _cells(
    path: Path, product: ListProduct, limits: Limits, needed: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the columns of a product as text with the row numbers, and their headers as printed."""
    with open_table(path, limits) as table:
        grid = table.grid(table.sheets[0])
    synonyms, best = Synonyms(product), dict[str, int]()
    for start, row in enumerate(grid.top(_SEARCHED_ROWS), start=1):
        named = _named(row, synonyms)
        best = max(best, named, key=lambda one: len(set(needed) & set(one)))
        if set(needed) <= set(named):
            return _below(grid, start, named, product), {name: row[at] for name, at in named.items()}
    missing = [c.title.zh for c in product.columns if c.column in set(needed) - set(best)]
    raise InputError("columns_missing", name=path.name, columns="、".join(missing))


def _named(row: list[str], synonyms: Synonyms) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, text in enumerate(row):
        match = synonyms.match(text)
        if match is None:
            match = synonyms.match(re.sub(r"[(（\[【/].*$", "", text))
        if match is not None:
            found.setdefault(match.column, at)
    return found


def _below(grid: Grid, start: int, named: dict[str, int], product: ListProduct) -> pd.DataFrame:
    size = grid.height - start
    columns: dict[str, Any] = {
        c.column: trimmed(grid.cells.column(named[c.column]).slice(start)).to_pylist()
        if c.column in named
        else [""] * size
        for c in product.columns
    }
    frame = pd.DataFrame(columns, dtype=object)
    frame["row"] = grid.row_numbers[start:]
    return frame[(frame[list(columns)] != "").any(axis=1)].reset_index(drop=True)


def _usable(
    path: Path,
    found: pd.DataFrame,
    checks: dict[str, pd.Series[bool]],
    columns: list[str],
    once: list[str] | None = None,
) -> OfficeTable:
    log = IssueLog()
    good = pd.Series(True, index=found.index)
    for name, holds in checks.items():
        wrong = ~holds.astype(bool)
        printed = found.loc[wrong, name].tolist()
        log.add_many(found.loc[wrong, "row"], name, printed, f"bad_bulletin_{name}")
        good &= ~wrong
    if not good.any():
        raise InputError("no_rows", name=path.name)
    kept = found.loc[good]
    if once is not None:
        again = kept.duplicated(once, keep="last")
        printed = kept.loc[again, once[0]].tolist()
        log.add_many(kept.loc[again, "row"], once[0], printed, "bulletin_row_twice", "warning")
        kept = kept[~again]
    return OfficeTable(kept[columns].reset_index(drop=True), log, len(found))


def _codes(cells: pd.DataFrame) -> pd.Series[str]:
    codes: pd.Series[str] = cells["adcode"].str.replace(r"\.0$", "", regex=True)
    return codes


def _code_ok(codes: pd.Series[str]) -> pd.Series[bool]:
    return codes.map(lambda code: _CODE.fullmatch(code) is not None).astype(bool)


def _each(cells: pd.Series[str], read: Callable[[str], object]) -> pd.Series[Any]:
    return pd.Series([read(text) for text in cells], index=cells.index, dtype=object)


def _moment(text: str) -> int | None:
    """Return the moment of a check; a day without a clock is meant to its end."""
    if not text:
        return -1
    found = read_instant(text)
    if found is None:
        return None
    return found.seconds + _HALF_DAY_S - 1 if found.day_only else found.seconds


def _day(text: str) -> object:
    found = read_instant(text)
    return None if found is None else (datetime.fromtimestamp(found.seconds, UTC) + _CHINA).date()
