"""The one way in: whatever file of detections, in pieces of bounded size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from geoaq.errors import InputError, LimitError
from geoaq.io.fires.chunks import FireChunk
from geoaq.io.fires.firms import is_firms, read_firms
from geoaq.io.fires.firms_csv import HEAD_BYTES, read_firms_csv
from geoaq.io.fires.firms_json import read_firms_json
from geoaq.io.fires.himawari import read_himawari
from geoaq.io.fires.layouts import archive_members, layout_of, layout_of_text
from geoaq.io.fires.platform import Told, read_fire_features, read_fire_list
from geoaq.io.fires.scene_csv import SCENE
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import DEFAULT_LIMITS, Grid, Limits, open_table
from geoaq.io.vectors.features import Features, is_vector, read_features

# About 50,000 rows. Arrow reads up to 32 blocks ahead of whoever takes them, which bounds what is in memory.
BLOCK_BYTES = 4 * 1024 * 1024


def read_fire_chunks(
    path: Path,
    *,
    product: ListProduct,
    source: str = "",
    kind: str | None = None,
    datum: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[FireChunk]:
    """Read detections of any layout, piece by piece in the order of the file.

    Parameters
    ----------
    path
        FIRMS (csv of any length, JSON or GeoJSON, a zip of those, a workbook, a shapefile); the wildfire
        product of JAXA; what ``geoaq fires detect`` found (csv); the list of a province's platform, of
        cameras, towers, drones and reports, or of official pushes (xlsx, xls, et, ods, csv, GeoJSON, KML,
        GeoPackage, shapefile).
    product
        The declared list (``layers/product/fire_list.toml``).
    source
        Name of the platform, for its own detections; not for FIRMS and JAXA.
    kind
        One of `geoaq.frames.FIRE_KINDS` for rows of a list that do not say it themselves; None leaves it to
        what they hold: ``push`` with the number of a push, else ``platform``.
    datum
        Datum of positions in a list that states none, as `geoaq.crs.parse_datum` reads it.
    limits
        Sizes beyond which lists and vector files are refused, and a zip; a csv or JSON of FIRMS may be of
        any length.
    block_bytes
        Bytes of a csv that are read at a time.

    Yields
    ------
    FireChunk
        At least one. Detections and rows with an error add up to the rows read.

    Raises
    ------
    InputError
        No such file, nothing that is known here, broken, or a refusal of FIRMS in place of a table.
    LimitError
        Beyond ``limits``.
    """
    layout = layout_of(path)
    told = Told(source, kind, datum)
    if layout == "archive":
        yield from _archive(path, limits, block_bytes)
    elif layout == "firms_csv":
        with path.open("rb") as file:
            yield from read_firms_csv(file, path.name, limits, block_bytes)
    elif layout == "scene_csv":
        with path.open("rb") as file:
            yield from read_firms_csv(file, path.name, limits, block_bytes, SCENE)
    elif layout == "firms_json":
        with path.open("rb") as file:
            yield from read_firms_json(file, path.name)
    elif layout == "himawari":
        yield read_himawari(path.read_bytes(), path.name)
    elif is_vector(path, limits):
        features = read_features(path, limits=limits)
        if is_firms([str(name) for name in features.attributes.columns]):
            yield _firms_features(features, path.name)
        else:
            yield read_fire_features(features, path, product, told)
    else:
        firms = _firms_table(path, limits)
        yield firms if firms is not None else read_fire_list(path, product, told, limits)


def _archive(path: Path, limits: Limits, block_bytes: int) -> Iterator[FireChunk]:
    """Read the tables of an order one after the other, each straight out of the zip."""
    members = archive_members(path)
    if len(members) > limits.members:
        raise LimitError("too_many_members", name=path.name, limit=limits.members)
    with zipfile.ZipFile(path) as packed:
        for member in members:
            name = member.filename.rsplit("/", 1)[-1]
            if member.flag_bits & 1:
                raise InputError("workbook_protected", name=name)
            if member.file_size > limits.pack_ratio * max(member.compress_size, 1):
                raise InputError("firms_broken", name=name)
            try:
                with packed.open(member) as opened:
                    file = cast("BinaryIO", opened)
                    layout = layout_of_text(file.read(HEAD_BYTES))
                    file.seek(0)
                    if layout == "firms_csv":
                        yield from read_firms_csv(file, name, limits, block_bytes)
                    elif layout == "firms_json":
                        yield from read_firms_json(file, name)
                    else:
                        raise InputError("firms_columns", name=name)
            except (zipfile.BadZipFile, EOFError) as error:
                raise InputError("firms_broken", name=name) from error


def _firms_table(path: Path, limits: Limits) -> FireChunk | None:
    """Return the rows of a table of FIRMS that was saved as a workbook, None for another table."""
    with open_table(path, limits) as table:
        if table.kind == "csv" or not table.sheets:
            return None
        name = table.sheets[0]
        top = table.grid(name, 1)
        if not top.height or not is_firms(top.row(0)):
            return None
        grid: Grid = table.grid(name)
    header = [cell.strip().lower() for cell in grid.row(0)]
    cells = {each: _whole(grid.cells.column(place).slice(1)) for place, each in enumerate(header) if each}
    return read_firms(cells, grid.row_numbers[1:], path.name)


def _firms_features(features: Features, name: str) -> FireChunk:
    texts = features.attributes
    cells = {str(each).strip().lower(): pa.array(texts[each].tolist(), pa.string()) for each in texts}
    return read_firms(cells, np.arange(1, len(texts) + 1, dtype=np.int64), name)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
