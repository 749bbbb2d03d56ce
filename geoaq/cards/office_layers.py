"""The layers that an office added, as pages show them: how each is drawn, and what was found in its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from geoaq.catalog import Catalog
from geoaq.flows.office_layers import GEOMETRIES
from geoaq.flows.shifted import looks_shifted
from geoaq.report.numbers import grouped
from geoaq.store.office_layers import FREE, KEPT_DAYS, TITLE_MAX, OfficeLayers, Version
from geoaq.wording import say

# Colours of layers of the office's own making: each stands out from the paper by 4.5 to 1 and more.
PALETTE = ("#0b6e75", "#8e2512", "#34568b", "#7c5200", "#5d6b3c", "#6d4c91", "#8c4a63", "#4a463e")
_BEIJING = timezone(timedelta(hours=8))
_KINDS = {"gpkg": "GeoPackage", "shp": "Shapefile", "geojson": "GeoJSON", "kml": "KML"}
_COARSE_M = 10.0


def wanted(catalog: Catalog) -> tuple[str, ...]:
    """Return the ids of the layers that an office may give."""
    return tuple(layer.id for layer in catalog.layers.values() if not layer.provided)


def known(catalog: Catalog, store: OfficeLayers, layer: str) -> bool:
    """Say whether a file can be added under this id: a layer to be given, or one the office has made."""
    made = layer in store.layers() or layer in store.removed_layers()
    return layer in wanted(catalog) or (layer.startswith(FREE) and made)


def listed(catalog: Catalog, store: OfficeLayers, lang: str) -> dict[str, Any]:
    """Return every layer that the office may give or has made, with its files.

    Returns
    -------
    dict
        ``layers``, each with ``id``, ``title``, ``geometry``, ``free``, ``add`` (what to bring), ``table``,
        ``versions`` and ``removed`` (see `described`); ``palette``, ``title_max``, ``kept_days``.
    """
    free = [one for one in dict.fromkeys((*store.layers(), *store.removed_layers())) if one.startswith(FREE)]
    layers = []
    for layer in (*wanted(catalog), *free):
        versions, removed = store.versions(layer), store.removed(layer)
        if layer.startswith(FREE):
            latest = (*versions, *removed)[0]
            told = {"title": latest.title, "geometry": _geometry(latest), "free": True, "table": False}
            told |= {"add": say("office.add_free", lang), "colour": latest.colour}
        else:
            one = catalog.layer(layer)
            add = one.add.say(lang) if one.add else ""
            told = {"title": one.title.say(lang), "geometry": one.geometry, "free": False, "add": add}
            told |= {"table": one.geometry == "table", "colour": ""}
        layers.append(
            {"id": layer}
            | told
            | {
                "versions": [described(version, lang) for version in versions],
                "removed": [described(version, lang) for version in removed],
            }
        )
    return {"layers": layers, "palette": list(PALETTE), "title_max": TITLE_MAX, "kept_days": KEPT_DAYS}


def described(version: Version, lang: str) -> dict[str, Any]:
    """Return one file of a layer: ``sha256``, ``name``, ``day``, ``in_use``, ``features``, ``report``.

    ``report`` is a list of ``text`` and ``mark`` (``note`` or ``warning``).
    """
    found = version.report
    return {
        "sha256": version.sha256,
        "name": version.name,
        "day": day(version),
        "in_use": version.in_use,
        "features": int(found.get("used", found.get("cities", 0))),
        "bounds": found.get("bounds"),
        "report": [{"text": text, "mark": mark} for text, mark in told(found, lang)],
    }


def day(version: Version) -> str:
    """Return the day on which a file was added, in Beijing."""
    return version.added.astimezone(_BEIJING).date().isoformat()


def source(version: Version, lang: str) -> str:
    """Return where a drawn layer comes from: the name of the file and the day on which it was added."""
    return say("office.source", lang, name=version.name, day=day(version))


def drawn(catalog: Catalog, store: OfficeLayers, lang: str) -> list[dict[str, Any]]:
    """Return what a map needs to know of each added layer, over or beside what the catalogue says of it.

    Returns
    -------
    list of dict
        For a layer of the catalogue ``id``, ``source``, ``date``, ``provided`` and ``office``; for one of the
        office's own making all that `geoaq.maps.page_map` tells of a layer.
    """
    found = []
    for layer in store.layers():
        version = store.in_use(layer)
        if version is None or not known(catalog, store, layer):
            continue
        told = {"id": layer, "source": source(version, lang), "date": day(version), "provided": True}
        if layer in catalog.layers:
            office = _office(version, catalog.layer(layer).title.say(lang), lang)
            found.append(told | {"office": office})
        else:
            found.append(_free_spec(version, lang) | told | {"office": _office(version, version.title, lang)})
    return found


def _office(version: Version, title: str, lang: str) -> dict[str, Any]:
    url = f"/office-layers/{version.layer}/{version.sha256}.geojson" if version.display else None
    return {
        "url": url,
        "sha256": version.sha256,
        "name": version.name,
        "day": day(version),
        "use": say("office.use", lang, title=title, name=version.name, day=day(version)),
    }


def _free_spec(version: Version, lang: str) -> dict[str, Any]:
    geometry = _geometry(version)
    style = {
        "stroke": version.colour,
        "stroke_px": 2.2 if geometry == "line" else 1.4,
        "dash_px": [],
        "fill": None if geometry == "line" else version.colour,
        "fill_opacity": {"polygon": 0.14, "line": 0.0, "point": 0.75}[geometry],
        "hatch": False,
        "shape": "circle" if geometry == "point" else "none",
        "size_px": 7.0,
    }
    own = say("office.own", lang)
    return {
        "title": version.title,
        "geometry": geometry,
        "made_from": "user",
        "group": "office",
        "style": style,
        "legend": [{"title": version.title, "style": style, "when": {}}],
        "attribution": own,
        "accuracy": say("office.accuracy", lang),
        "notes": [say("office.never_decides", lang)],
        "add": None,
        "visible": True,
        "min_zoom": None,
        "free": True,
    }


def _geometry(version: Version) -> str:
    stated = str(version.report.get("geometry", ""))
    return stated if stated in GEOMETRIES else GEOMETRIES[-1]


def told(found: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return what was found in a file as sentences, each with ``note`` or ``warning``."""
    if "cities" in found:
        return _told_table(found, lang)
    lines = _told_shapes(found, lang)
    return lines + _told_areas(found["areas"], lang) if "areas" in found else lines


def _told_table(found: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    first, last = found["years"]
    lines = [(say("office.cities", lang, count=grouped(found["cities"]), first=first, last=last), "note")]
    wrong = sum(found["issues"].values())
    return [*lines, (say("office.table_issues", lang, count=grouped(wrong)), "warning")] if wrong else lines


def _told_shapes(found: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    kind = say(f"office.kind_{found['geometry']}", lang)
    lines: list[tuple[str, str]] = []

    def add(code: str, mark: str = "note", **params: object) -> None:
        lines.append((say(f"office.{code}", lang, **params), mark))

    add(
        "read", format=_KINDS.get(found["kind"], found["kind"]), features=grouped(found["features"]),
        used=grouped(found["used"]), kind=kind,
    )  # fmt: skip
    crs = found["crs"].replace("China Geodetic Coordinate System 2000", "CGCS2000")
    add("crs_by_format" if found["crs_by_format"] else "crs_stated", crs=crs)
    on_lines = found["coinciding"]
    if looks_shifted(on_lines):
        add("looks_gcj02", "warning", unshifted=on_lines["unshifted"], as_is=on_lines["as_is"])
    if found["datum_word"]:
        add("datum_word", "warning", word=found["datum_word"])
    if found["mended"]:
        where = "、".join(_place(one) for one in found["mended_at"])
        add("mended", "warning", count=grouped(found["mended"]), where=where)
    for code, count in (("empty", found["empty"]), ("outside", found["outside"])):
        if count:
            add(code, "warning", count=grouped(count))
    if found["other_geometry"]:
        add("other_geometry", "warning", count=grouped(found["other_geometry"]), kind=kind)
    if found["other_layers"]:
        others = _joined(found["other_layers"], lang)
        add("other_layers", "warning", layer=found["layer"], others=others)
    more = "…" if found["county_count"] > len(found["counties"]) else ""
    add("counties", count=grouped(found["county_count"]), names=_joined(found["counties"], lang) + more)
    if found["attributes"]:
        add("attributes", names=_joined(found["attributes"], lang), encoding=found["encoding"] or "UTF-8")
    if found["name_column"]:
        add("name_column", name=found["name_column"])
    if found["tolerance_m"] > _COARSE_M or found["left_out"]:
        add("coarse", metres=round(found["tolerance_m"]), left_out=grouped(found["left_out"]))
    return lines


def _told_areas(found: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return how many areas fires are put to, and what is wrong with single ones."""
    words = {name: grouped(found[name]) for name in ("count", "features", "coded")}
    lines = [(say("areas.kept", lang, level=say(f"areas.level_{found['level']}", lang), **words), "note")]
    for one in found["issues"]:
        text = say(f"issues.{one['code']}", lang, **one["params"])
        lines.append((say("areas.issue", lang, row=one["row"], text=text) if one["row"] else text, "warning"))
    more = found["issue_count"] - len(found["issues"])
    return [*lines, (say("areas.issues_more", lang, count=more), "warning")] if more else lines


def _place(one: dict[str, Any]) -> str:
    return f"{one['feature']}" if one["x"] is None else f"{one['feature']} ({one['x']:g}, {one['y']:g})"


def _joined(words: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)
