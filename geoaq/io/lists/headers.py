"""Finds the header of a sheet: title rows above it, merged and two-row headers, units inside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geoaq.io.lists.synonyms import Match, Synonyms, plain_header, unit_of
from geoaq.io.tables import Grid

SEARCHED_ROWS = 40
_FEWEST = 3
# Lower cells of a two-row header that say nothing without the cell above.
_GENERIC_WORDS = "名称 单位 编号 类型 类别 状态 数量 规模 说明 其他 型号 代码 市 县 省"
_GENERIC = frozenset(_GENERIC_WORDS.split())
_GENERAL = re.compile(r"基本|情况|信息|企业|单位|锅炉|电厂|机组|概况|位置|坐标")
_ANGLE_PARTS = {"度": "d", "°": "d", "分": "m", "′": "m", "'": "m", "秒": "s", "″": "s", '"': "s"}


@dataclass(frozen=True)
class Header:
    """Where the header is and which columns it names.

    Parameters
    ----------
    rows
        Positions of the header rows in the grid.
    columns
        Column name → position; a second capacity column is ``capacity_2``.
    units
        Unit by column name, as far as the header states or implies one.
    labels
        The printed header of every column of the sheet, made unique.
    personal
        Positions of columns with personal data.
    doubled
        Headers that name a column once more and are not read.
    """

    rows: tuple[int, ...]
    columns: Mapping[str, int]
    units: Mapping[str, str]
    labels: tuple[str, ...]
    personal: tuple[int, ...]
    doubled: tuple[str, ...] = ()

    @property
    def has_position(self) -> bool:
        """Say whether the header names coordinates."""
        named = set(self.columns)
        return bool(
            {"lon", "lat"} <= named
            or "lonlat" in named
            or {"north", "east"} <= named
            or {"lon_d", "lat_d"} <= named
        )


def find_header(grid: Grid, synonyms: Synonyms) -> Header | None:
    """Return the header of a sheet, or None where no row among the first forty names three columns."""
    top = filled(grid)
    best: tuple[int, int, Header] | None = None
    for first in range(len(top)):
        for count in (1, 2):
            if first + count > len(top):
                continue
            header = _header_at(top, first, count, synonyms)
            score = len(header.columns)
            if score >= _FEWEST and (best is None or (score, -count) > (best[0], -best[1])):
                best = (score, count, header)
    return None if best is None else _with_unit_column(top, _with_unit_rows(top, best[2]), synonyms)


def filled(grid: Grid) -> list[list[str]]:
    """Return the top rows with merged ranges filled by their first cell."""
    top = [[cell.strip() for cell in row] for row in grid.top(SEARCHED_ROWS)]
    for first_row, first, last_row, last in grid.merged:
        if first_row >= len(top):
            continue
        text = top[first_row][first]
        for row in top[first_row : last_row + 1]:
            row[first : last + 1] = [text] * (last + 1 - first)
    return top


def _header_at(top: Sequence[Sequence[str]], first: int, count: int, synonyms: Synonyms) -> Header:
    lower = top[first + count - 1]
    upper = _carried(top[first], lower) if count == 2 else [""] * len(lower)
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    ranks: dict[str, int] = {}
    doubled: list[str] = []
    personal: list[int] = []
    for place, (above, below) in enumerate(zip(upper, lower, strict=True)):
        match = _match_two(above, below, synonyms)
        if synonyms.is_personal(above + below, match):
            personal.append(place)
        if match is None:
            continue
        name = match.column
        if name == "capacity" and name in columns:
            name = "capacity_2"
        if name in columns and match.rank <= ranks[name]:
            doubled.append(below or above)
            continue
        columns[name], ranks[name] = place, match.rank
        if match.unit:
            units[name] = match.unit
        else:
            units.pop(name, None)
    return Header(
        tuple(range(first, first + count)),
        columns,
        units,
        _labels(upper, lower),
        tuple(personal),
        tuple(doubled),
    )


def _carried(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the upper row of a two-row header with its texts carried to the right over blank cells."""
    carried, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        carried.append(last)
    return carried


def _match_two(above: str, below: str, synonyms: Synonyms) -> Match | None:
    if not above or above == below:
        return synonyms.match(below)
    if not below:
        return synonyms.match(above)
    part = _ANGLE_PARTS.get(below.strip("（）() "))
    upper = synonyms.match(above)
    if part and upper is not None and upper.column in {"lon", "lat"}:
        return Match(f"{upper.column}_{part}", "", 3)
    if upper is not None and unit_of(below):
        return Match(upper.column, unit_of(below), upper.rank)
    joined = synonyms.match(above + below)
    if joined is not None:
        return joined
    if plain_header(below) in _GENERIC and not _GENERAL.search(above):
        return None
    alone = synonyms.match(below)
    if alone is not None and not alone.unit and alone.column == "capacity" and upper is not None:
        alone.unit = upper.unit
    return alone


def _labels(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    labels: list[str] = []
    for place, (above, below) in enumerate(zip(upper, lower, strict=True)):
        text = below or above
        text = f"{above}/{below}" if above and below and above != below else text
        label = text or f"#{place + 1}"
        while label in labels:
            label += "′"
        labels.append(label)
    return tuple(labels)


def _with_unit_rows(top: Sequence[Sequence[str]], header: Header) -> Header:
    """Take rows of units, or of column numbers, below the header into it."""
    rows, units = list(header.rows), dict(header.units)
    while rows[-1] + 1 < len(top):
        row = top[rows[-1] + 1]
        cells = [cell for cell in row if cell]
        stated = {name: unit_of(row[place]) for name, place in header.columns.items() if row[place]}
        if cells and all(unit_of(cell) for cell in cells):
            units |= {name: unit for name, unit in stated.items() if unit}
        elif not _is_numbering(cells):
            break
        rows.append(rows[-1] + 1)
    return Header(tuple(rows), header.columns, units, header.labels, header.personal, header.doubled)


def _with_unit_column(top: Sequence[Sequence[str]], header: Header, synonyms: Synonyms) -> Header:
    """Take a column 单位 whose cells are units of capacity for what it is, not for the name of a works."""
    if "capacity_unit" not in synonyms.by_text.values() or "capacity_unit" in header.columns:
        return header
    for place, label in enumerate(header.labels):
        cells = [row[place] for row in top[header.rows[-1] + 1 :] if row[place]]
        if plain_header(label.rstrip("′")) == "单位" and cells and all(unit_of(cell) for cell in cells):
            columns = {name: at for name, at in header.columns.items() if at != place}
            doubled = tuple(text for text in header.doubled if plain_header(text) != "单位")
            return replace(header, columns=columns | {"capacity_unit": place}, doubled=doubled)
    return header


def _is_numbering(cells: Sequence[str]) -> bool:
    numbers = [cell.strip("()（）") for cell in cells]
    return len(numbers) >= _FEWEST + 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]
