"""What a vector file is by its content, and whether it holds anything that reaches outside of it."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from geoaq.errors import InputError
from geoaq.io.tables import Limits
from geoaq.io.tables.kinds import require_file

_SQLITE = b"SQLite format 3\x00"
_SHAPE = b"\x00\x00\x27\x0a"
_ZIP = b"PK\x03\x04"
# A workbook (xlsx, ods) or a text document is a zip too.
_OF_A_WORKBOOK = ("[Content_Types].xml", "mimetype")
# What makes an XML reader fetch or expand something: never in a drawing of areas.
_REACHES_OUT = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<(?:\w+:)?NetworkLink\b|<(?:\w+:)?GroundOverlay\b|/vsi|xi:include", re.IGNORECASE
)
_VIRTUAL = re.compile(r"create\s+virtual\s+table.*?\busing\s+(\w+)", re.IGNORECASE | re.DOTALL)


def vector_kind(path: Path, limits: Limits) -> str:
    """Return ``gpkg``, ``shp``, ``zip``, ``geojson`` or ``kml`` by content.

    Raises
    ------
    InputError
        Missing, empty, of another kind (a VRT under the name of a GeoJSON, a raster …), or with links to
        something outside the file.
    LimitError
        Larger than ``limits.file_mb``.
    """
    require_file(path, limits)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_SQLITE):
        _check_geopackage(path)
        return "gpkg"
    if head.startswith(_SHAPE):
        return "shp"
    if head.startswith(_ZIP):
        return "zip"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "geojson"
    if text.startswith(b"<") and re.search(rb"<(?:\w+:)?kml\b", text, re.IGNORECASE):
        if _REACHES_OUT.search(path.read_bytes()):
            raise InputError("vector_reaches_out", name=path.name)
        return "kml"
    raise InputError("not_a_layer", name=path.name)


def _check_geopackage(path: Path) -> None:
    """Refuse a GeoPackage that is broken, or with virtual tables beside its own spatial index."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            made = [row[0] or "" for row in base.execute("SELECT sql FROM sqlite_master")]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise InputError("layer_broken", name=path.name) from error
    if "gpkg_contents" not in tables:
        raise InputError("not_a_layer", name=path.name)
    modules = {found[1].lower() for sql in made if (found := _VIRTUAL.search(sql))}
    if modules - {"rtree"}:
        raise InputError("vector_reaches_out", name=path.name)


def zipped_shapefile(path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the members of the one shapefile in a zip, by extension.

    Raises
    ------
    InputError
        Broken, protected, an office document, without a shapefile or with several.
    """
    wanted = (".shp", ".shx", ".dbf", ".prj", ".cpg")
    try:
        with zipfile.ZipFile(path) as packed:
            members = [m for m in packed.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise InputError("layer_broken", name=path.name) from error
    if any(member.flag_bits & 1 for member in members):
        raise InputError("workbook_protected", name=path.name)
    shapes = [member for member in members if member.filename.lower().endswith(".shp")]
    if not shapes and any(member.filename in _OF_A_WORKBOOK for member in members):
        raise InputError("not_a_layer", name=path.name)
    if len(shapes) != 1:
        raise InputError("zip_without_one_shapefile", name=path.name, count=len(shapes))
    stem = shapes[0].filename[:-4].lower()
    return {
        member.filename[-4:].lower(): member
        for member in members
        if member.filename[:-4].lower() == stem and member.filename[-4:].lower() in wanted
    }
