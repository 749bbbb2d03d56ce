"""The attributes of a vector file as the rows of a list: the same columns under the same headers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geoaq.frames import IssueLog
from geoaq.io.cells.text import trimmed
from geoaq.io.lists.headers import Header
from geoaq.io.lists.intake import Sheet
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.synonyms import Match, Synonyms, plain_header
from geoaq.io.tables import Grid, Limits
from geoaq.io.tables.grid import grid_table
from geoaq.io.vectors import read_vector
from geoaq.io.vectors.features import Features, in_degrees, read_features

# A shapefile keeps ten bytes of a name: five characters in GBK, three in UTF-8.
_NAME_BYTES = 10
_SHORTEST = 2
_PLACE = re.compile(r"^(.*?)\[([-\d.e]+) ([-\d.e]+)\]$")


class Outlines(NamedTuple):
    """The features of a file: what each states by column, numbers counted from 1, shapes in WGS 84."""

    stated: dict[str, list[Any]]
    numbers: list[int]
    shapes: npt.NDArray[np.object_]


def read_outlines(path: Path, product: ListProduct, log: IssueLog, *, limits: Limits) -> Outlines:
    """Read a file of shapes with the columns of a list beside them.

    Raises
    ------
    InputError, LimitError
        As `geoaq.io.vectors.read_vector`: the file as a whole cannot be used.
    """
    read_vector(path, limits=limits)
    features = read_features(path, limits=limits)
    sheet = sheet_of_features(features, product, path, log)
    stated = {one.column: sheet.text(one.column).to_pylist() for one in product.columns}
    return Outlines(stated, sheet.numbers.tolist(), in_degrees(features))


def fault_of(shape: Any) -> tuple[str, str, str]:
    """Return why a shape is not valid, and where: longitude and latitude, "" where that is not told."""
    import shapely

    said = str(shapely.is_valid_reason(shape))
    found = _PLACE.match(said)
    return (found[1], found[2], found[3]) if found else (said, "", "")


def sheet_of_features(features: Features, product: ListProduct, path: Path, log: IssueLog) -> Sheet:
    """Return the attributes of features as rows numbered from 1, their names as the header.

    Names that a shapefile has cut off (``建设性``, ``industry_c``) are known by the shortest header that
    they begin, where it is of one column only.
    """
    if features.others:
        others = "、".join(features.others)
        log.add(0, "", path.name, "site_other_layers", "warning", layer=features.layer, others=others)
    names = [str(name) for name in features.attributes.columns]
    cut = features.kind == "shp"
    columns = [features.attributes[name].tolist() for name in names]
    # Without attributes there is still a row a feature.
    cells = grid_table(columns or [[""] * len(features.shapes)])
    numbers = np.arange(1, cells.num_rows + 1, dtype=np.int64)
    top = pa.table([pa.array([name], pa.string()) for name in names or [""]], names=cells.column_names)
    grid = Grid(
        sheet=features.layer,
        kind=features.kind,
        encoding=features.encoding,
        cells=pa.concat_tables([top, cells]),
        row_numbers=np.concatenate([[0], numbers]),
    )
    header = _header(names, Synonyms(product), log, cut=cut)
    return Sheet(cells, tuple(trimmed(column) for column in cells.columns), numbers, header, grid, log)


def _header(names: list[str], synonyms: Synonyms, log: IssueLog, *, cut: bool) -> Header:
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    ranks: dict[str, int] = {}
    personal: list[int] = []
    doubled: list[str] = []
    for place, name in enumerate(names):
        match = synonyms.match(name) or (_of_beginning(name, synonyms) if cut else None)
        if synonyms.is_personal(name, match):
            personal.append(place)
        if match is None:
            continue
        if match.column in columns and match.rank <= ranks[match.column]:
            doubled.append(name)
            continue
        columns[match.column], ranks[match.column] = place, match.rank
        units[match.column] = match.unit
    for name in doubled:
        log.add(0, "", name, "column_doubled", "warning")
    stated = {name: unit for name, unit in units.items() if unit}
    return Header((0,), columns, stated, tuple(names) or ("",), tuple(personal), tuple(doubled))


def _of_beginning(name: str, synonyms: Synonyms) -> Match | None:
    """Return the column of the shortest header that begins with a name that was cut off, if it is one."""
    plain = plain_header(name)
    longest = max(len(name.encode("utf-8")), len(name.encode("gb18030")))
    if len(plain) < _SHORTEST or longest + 2 < _NAME_BYTES:
        return None
    begun = {text: column for text, column in synonyms.by_text.items() if text.startswith(plain)}
    shortest = min((len(text) for text in begun), default=0)
    found = {column for text, column in begun.items() if len(text) == shortest}
    return Match(found.pop(), "", 1) if len(found) == 1 else None
