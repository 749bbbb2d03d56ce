"""Reads detections that offices list: platforms, cameras, towers, drones, reports, and official pushes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import FIRE_KINDS, NRT, SATELLITES, IssueLog
from geoaq.io.cells.text import coded, is_blank
from geoaq.io.cells.words import Vocabulary
from geoaq.io.fires.chunks import FireChunk, Mask, Notes, chunk_of, names
from geoaq.io.fires.codes import read_satellite
from geoaq.io.fires.descriptions import with_descriptions
from geoaq.io.fires.numbers import BOUNDS, measure
from geoaq.io.fires.platform_numbers import read_confidences, read_powers, read_temperatures
from geoaq.io.fires.platform_times import read_deadlines, read_times
from geoaq.io.lists.columns import vocabularies
from geoaq.io.lists.features import sheet_of_features
from geoaq.io.lists.intake import Sheet, open_sheet
from geoaq.io.lists.positions import read_positions
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import Limits
from geoaq.io.vectors.features import Features

# What goes beside the table as printed: nothing personal is among it.
_BESIDE = (
    "fire_no", "push_no", "province", "city", "county", "town", "village", "address", "found", "pushed",
    "deadline", "sensor", "stated_type", "land", "device", "picture", "remark",
)  # fmt: skip
# Kinds that are known by their own device rather than by the platform that lists them.
_OWN_DEVICE = ("camera", "tower", "drone")


@dataclass(frozen=True)
class Told:
    """What whoever brings a list says of it: its source, the kind of its rows, the datum of its positions."""

    source: str = ""
    kind: str | None = None
    datum: str | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in FIRE_KINDS:
            raise InputError("bad_option", option="kind", value=self.kind, expected=", ".join(FIRE_KINDS))


def read_fire_list(path: Path, product: ListProduct, told: Told, limits: Limits) -> FireChunk:
    """Read a table of detections.

    Raises
    ------
    InputError
        No table, no header with positions, no time among its columns, no rows, or an unusable datum.
    LimitError
        Beyond ``limits``.
    """
    sheet = open_sheet(path, product, limits, IssueLog())
    return _chunk("list", sheet, product, told, path)


def read_fire_features(features: Features, path: Path, product: ListProduct, told: Told) -> FireChunk:
    """Read the features of a vector file, a detection each; an area counts as a pixel, by its centroid.

    Columns of longitude and latitude among the attributes go before the shape.

    Raises
    ------
    InputError
        As `read_fire_list`.
    """
    log = IssueLog()
    stated = features.attributes
    # A driver adds columns of its own (id, begin, icon …), blank where the file has nothing for them.
    filled = stated.loc[:, (stated != "").any()]
    attributes = with_descriptions(filled, product)
    sheet = sheet_of_features(replace(features, attributes=attributes), product, path, log)
    if not sheet.header.has_position:
        placed = attributes.assign(**_places(features))
        sheet = sheet_of_features(replace(features, attributes=placed), product, path, IssueLog())
        if told.datum is None and not features.by_format and features.crs is not None:
            told = replace(told, datum="wgs84")
    return _chunk("features", sheet, product, told, path)


def _places(features: Features) -> dict[str, list[str]]:
    """Return the centroid of each shape as text, in WGS 84 where the file states a datum."""
    import geopandas as gpd
    import shapely

    from geoaq.crs import require_crs

    shapes = features.shapes
    if features.crs is not None:
        drawn = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=features.crs))
        shapes = require_crs(drawn).geometry.to_numpy()
    middles = [None if shape is None or shape.is_empty else shapely.centroid(shape) for shape in shapes]
    return {
        "经度": ["" if point is None else f"{point.x:.9f}" for point in middles],
        "纬度": ["" if point is None else f"{point.y:.9f}" for point in middles],
    }


def _chunk(layout: str, sheet: Sheet, product: ListProduct, told: Told, path: Path) -> FireChunk:
    if not any(sheet.has(column) for column in ("passed", "found", "day")):
        missing = "、".join(each.title.zh for each in product.columns if each.column in {"passed", "found"})
        raise InputError("columns_missing", name=path.name, columns=missing)
    notes = Notes(sheet.log, sheet.numbers)
    words = vocabularies(product.words)
    positions = read_positions(sheet, told.datum)
    acquired, day_only, untimed = read_times(sheet)
    kinds = _kinds(sheet, words["kind"], told)
    pushed = np.isin(kinds, ["push"])
    confidence, per_cent = read_confidences(sheet, words["confidence"])
    daynight = _daynight(sheet, words["daynight"])
    columns = {
        "satellite": _sources(sheet, kinds, told.source),
        "kind": names(np.arange(sheet.size), kinds.tolist(), FIRE_KINDS),
        "acquired": acquired,
        "lon": positions.lon,
        "lat": positions.lat,
        "scan_km": measure(sheet.text("scan"), "scan", BOUNDS["km"], notes),
        "track_km": measure(sheet.text("track"), "track", BOUNDS["km"], notes),
        "t4_k": read_temperatures(sheet, "t4", notes),
        "t11_k": read_temperatures(sheet, "t11", notes),
        "frp_mw": read_powers(sheet, notes),
        "confidence": confidence,
        "confidence_pct": per_cent,
        "daynight": daynight,
        "level": np.full(sheet.size, NRT),
        "number": _numbers(sheet, pushed),
        "deadline": read_deadlines(sheet, pushed),
    }
    beside = {column: _stated(sheet, column) for column in _BESIDE if sheet.has(column)}
    beside["satellite"] = coded(sheet.text("satellite")).texts(_plain_satellite)
    beside["time_precision"] = pa.array(np.where(day_only, "day", ""), pa.string())
    return chunk_of(layout, columns, positions.bad | untimed, beside, notes, sheet.size)


def _stated(sheet: Sheet, column: str) -> pa.Array:
    return coded(sheet.text(column)).texts(lambda text: "" if is_blank(text) else text)


def _plain_satellite(text: str) -> str:
    """Return a satellite's plain name where it is known, else the cell; its sensor may stand behind it."""
    if is_blank(text):
        return ""
    first = text.replace("（", "/").replace("(", "/").split("/")[0]
    # The single letters and digits of FIRMS mean nothing in an office's list.
    found = read_satellite(first) if len(first.strip()) > 2 else None
    return found if found in SATELLITES else text


def _kinds(sheet: Sheet, words: Vocabulary, told: Told) -> npt.NDArray[np.object_]:
    """Return the kind of every row: its own word, else that it has the number of a push, else as told.

    A deadline makes no push: platforms set some for what they found themselves.
    """
    cells = sheet.text("kind")
    said = coded(cells).map(lambda text: words.read(text).value)
    unknown = coded(cells).map(lambda text: words.read(text).certainty == "unknown").astype(bool)
    sheet.note(unknown, "kind", "fire_kind", "warning")
    ordered = _filled(sheet, "push_no")
    default = np.where(ordered, "push", "platform") if told.kind is None else np.full(sheet.size, told.kind)
    # A push names in the same column by what the authority above had found the fire.
    kinds: npt.NDArray[np.object_] = np.where(ordered & (said != ""), "push", said).astype(object)
    if told.kind == "push":
        kinds[:] = "push"
    silent = kinds == ""
    kinds[silent] = default[silent]
    # A tower's or a camera's own list looks so; what was assumed cannot be seen in the rows themselves.
    if told.kind is None and (silent & (kinds == "platform") & _filled(sheet, "device")).any():
        sheet.log.add(0, "kind", "", "fire_kind_assumed", "warning")
    return kinds


def _filled(sheet: Sheet, column: str) -> Mask:
    return coded(sheet.text(column)).map(lambda text: not is_blank(text)).astype(bool)


def _sources(sheet: Sheet, kinds: npt.NDArray[np.object_], source: str) -> pd.Categorical:
    """Return the source's own name of every row: ``camera:<device>``, ``platform:<source>``."""
    devices = _stated(sheet, "device").to_pylist()
    by_row = [
        f"{kind}:{own}" if (own := (device if kind in _OWN_DEVICE and device else source)) else str(kind)
        for kind, device in zip(kinds.tolist(), devices, strict=True)
    ]
    distinct = coded(pa.array(by_row, pa.string()))
    return names(distinct.codes, distinct.distinct, SATELLITES)


def _daynight(sheet: Sheet, words: Vocabulary) -> npt.NDArray[np.int64]:
    values = {"day": 1, "night": 0}
    cells = coded(sheet.text("daynight"))
    found = cells.map(lambda text: values.get(words.read_whole(text).value, -1)).astype(np.int64)
    strange = cells.map(lambda text: not is_blank(text)).astype(bool) & (found < 0)
    sheet.note(strange, "daynight", "fire_code", "warning")
    return found


def _numbers(sheet: Sheet, pushed: Mask) -> pd.Categorical:
    """Return the official number of every push; one without is noted."""
    own = _stated(sheet, "push_no").to_numpy(zero_copy_only=False)
    other = _stated(sheet, "fire_no").to_numpy(zero_copy_only=False)
    numbers = np.where(pushed, np.where(own != "", own, other), "")
    sheet.note(pushed & (numbers == ""), "push_no", "fire_push_unnumbered", "warning")
    distinct = coded(pa.array(numbers.tolist(), pa.string()))
    return names(distinct.codes, distinct.distinct, [""])
