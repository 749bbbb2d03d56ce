"""How a file of detections is laid out, by its content; the name it carries decides nothing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from geoaq.errors import InputError
from geoaq.io.fires.firms import is_firms
from geoaq.io.fires.firms_csv import HEAD_BYTES, csv_encoding, first_line
from geoaq.io.fires.firms_json import is_firms_json
from geoaq.io.fires.himawari import is_himawari
from geoaq.io.fires.scene_csv import is_scene_csv
from geoaq.io.tables.csvs import find_delimiter

Layout = Literal["firms_csv", "firms_json", "himawari", "scene_csv", "archive", "other"]

_ZIP = b"PK\x03\x04"
_MEMBER = re.compile(r"(?:^|/)[^/]*\.(?:csv|json|geojson|txt)$", re.IGNORECASE)
_OF_AN_OFFICE = (".shp", "[content_types].xml", "mimetype")
# What FIRMS says instead of a table, with the status 200.
_REFUSALS = (
    (re.compile(r"invalid\s+map_?key", re.IGNORECASE), "firms_key_invalid"),
    (re.compile(r"exceed\w*.{0,40}transaction", re.IGNORECASE), "firms_quota"),
)


def layout_of(path: Path) -> Layout:
    """Return the layout of a file, ``other`` for what the readers of tables and vector files have to open.

    Raises
    ------
    InputError
        Missing or empty; ``firms_key_invalid``, ``firms_quota``: the file holds a refusal of FIRMS.
    """
    if not path.is_file():
        raise InputError("file_missing", name=path.name)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise InputError("file_empty", name=path.name)
    if head.startswith(_ZIP):
        return "archive" if archive_members(path) else "other"
    return layout_of_text(head)


def layout_of_text(head: bytes) -> Layout:
    """Return the layout of a file that is not packed, by its first bytes.

    Raises
    ------
    InputError
        As `layout_of`, for a refusal.
    """
    text = head.decode(csv_encoding(head), "ignore").removeprefix("\ufeff")
    if text.lstrip().startswith(("{", "[")):
        return "firms_json" if is_firms_json(text) else "other"
    if is_himawari(text):
        return "himawari"
    _, line = first_line(head)
    header = [cell.strip('" ') for cell in line.split(find_delimiter([line]))]
    if is_scene_csv(name.lower() for name in header):
        return "scene_csv"
    if is_firms(header):
        return "firms_csv"
    refusal = refusal_of(text)
    if refusal:
        raise InputError(refusal)
    return "other"


def refusal_of(text: str) -> str:
    """Return the code of the error that a short answer of FIRMS stands for, or ``""``.

    Examples
    --------
    >>> refusal_of("Invalid MAP_KEY."), refusal_of("latitude,longitude")
    ('firms_key_invalid', '')
    """
    start = text[:500]
    return next((code for pattern, code in _REFUSALS if pattern.search(start)), "")


def archive_members(path: Path) -> list[zipfile.ZipInfo]:
    """Return the tables in a zip as FIRMS sends an order; none for a workbook or a shapefile."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = [one for one in packed.infolist() if "__MACOSX" not in one.filename]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise InputError("firms_broken", name=path.name) from error
    named = [one.filename.lower() for one in members]
    if any(name.endswith(_OF_AN_OFFICE) for name in named):
        return []
    found = [one for one in members if _MEMBER.search(one.filename) and one.file_size]
    return [one for one in found if not one.filename.lower().rsplit("/", 1)[-1].startswith("readme")]
