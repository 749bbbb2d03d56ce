"""What stands behind a sheet: wind and neighbours, which decide nothing, and the versions of what decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geoaq.report.numbers import fixed
from geoaq.report.sheet.data import Downwind, Wind
from geoaq.report.sheet.units import plain
from geoaq.report.sheet.writer import Writer


def context(writer: Writer) -> list[dict[str, Any]]:
    """Return the wind and the other projects of the strip, each as ``label`` and ``lines``."""
    wind = writer.data.wind
    found = [] if wind is None else [{"label": writer.say("sheet.wind"), "lines": _wind(writer, wind)}]
    lines = [
        writer.say(
            "sheet.near_one",
            number=plain(one.number),
            name=writer.short(one.name),
            km=fixed(one.distance_m / 1000, 1),
            finding=writer.say(f"sheet.outcome_{one.outcome}"),
        )
        for one in writer.cut(writer.data.near)
    ]
    total = max(writer.data.near_total, len(writer.data.near))
    lines += [writer.say("sheet.more", count=total - len(lines))] if total > len(lines) else []
    return [*found, {"label": writer.say("sheet.near", count=total, km=writer.strip()), "lines": lines}]


def _wind(writer: Writer, wind: Wind) -> list[str]:
    record = writer.say(
        "sheet.wind_from",
        name=writer.short(wind.name),
        kind=writer.say(f"sheet.wind_{wind.kind}"),
        hours=wind.hours,
        calm=fixed(100 * wind.calm, 1),
    )
    lines = [_downwind(writer, one, wind.reach_km) for one in writer.cut(wind.downwind)]
    return [record, *lines, *filter(None, [writer.more(len(wind.downwind))])]


def _downwind(writer: Writer, one: Downwind, reach_km: float) -> str:
    cities = [
        writer.say("sheet.city", name=writer.words(city.name), km=fixed(city.distance_km, 0))
        for city in writer.cut(one.cities)
    ]
    return writer.say(
        "sheet.downwind",
        name=writer.words(one.name),
        percent=fixed(100 * one.share, 1),
        reach=fixed(reach_km, 0),
        cities=writer.say("sheet.list_joiner").join(cities) or writer.say("sheet.none"),
    )


def versions(writer: Writer) -> list[dict[str, str]]:
    """Return what the sheet rests on: ``label``, ``name``, ``version`` and ``sha256``, what decides first."""
    data = writer.data
    rows = []
    for one in data.boundaries:
        name = writer.join([writer.words(one.name), writer.words(one.note)])
        rows.append((f"layer_{one.role}", name, one.version, one.sha256))
    rows.append(("policy", writer.words(data.policy.name), data.policy.version, data.policy.sha256))
    rows.append(("program", "geoaq", data.code.version, data.code.source_sha256))
    rows += [("input", writer.words(one.name), one.version, one.sha256) for one in data.inputs]
    if data.wind is not None:
        rows.append(("wind", data.wind.name, "", data.wind.sha256))
    rows += [("text", writer.words(one.name), one.version, one.sha256) for one in data.texts]
    most = None if writer.detail.entries is None else writer.detail.entries + 5
    found = [_version(writer, *row) for row in rows[:most]]
    if len(found) < len(rows):
        left = writer.say("sheet.more", count=len(rows) - len(found))
        found.append({"label": "", "name": left, "version": "", "sha256": ""})
    return found


def _version(writer: Writer, label: str, *values: str) -> dict[str, str]:
    names: Sequence[str] = ("name", "version", "sha256")
    said = {key: writer.short(value) for key, value in zip(names, values, strict=True)}
    return {"label": writer.say(f"sheet.{label}"), **said}
