"""Which kind of scene some files are, whose and of when: by names and attributes, never by guessing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from geoaq.errors import InputError
from geoaq.io.scenes.product import ProductKind
from geoaq.io.scenes.variables import SceneVariables

# A name as satellites have them; an attribute of a file may hold anything, and the name goes into tables.
_SATELLITE = re.compile(r"\w[\w .()/-]{0,39}")
# No scene lasts longer: an orbit takes less than two hours.
_LONGEST_S = 10_800.0


class Part(NamedTuple):
    """A file, and what its name says: groups of the expression that it fits."""

    path: Path
    said: Mapping[str, str]


def parts_of(paths: Sequence[Path], product: ProductKind) -> dict[str, Part] | None:
    """Return which file is which of a product's, or None where they do not fit it."""
    parts: dict[str, Part] = {}
    for path in paths:
        for kind in product.files:
            fit = _fit(path.name, kind.names)
            if fit is not None and kind.id not in parts:
                parts[kind.id] = Part(path, fit)
                break
        else:
            return None
    needed = {kind.id for kind in product.files if kind.required}
    return parts if needed <= set(parts) else None


def choose(
    paths: Sequence[Path], products: Mapping[str, ProductKind]
) -> list[tuple[ProductKind, dict[str, Part]]]:
    """Return the kinds of scenes whose files these may be.

    Raises
    ------
    InputError
        ``scene_kind_unknown``: none; the error lists what there is.
    """
    fits = [(one, parts) for one in products.values() if (parts := parts_of(paths, one)) is not None]
    if not fits:
        names = ", ".join(path.name for path in paths)
        raise InputError("scene_kind_unknown", names=names, kinds=", ".join(sorted(products)))
    return fits


def check_keys(parts: Mapping[str, Part]) -> None:
    """Refuse files of different scenes.

    Raises
    ------
    InputError
        ``scene_files_differ``: the names tell of different scenes.
    """
    keys = {part.said["key"] for part in parts.values() if "key" in part.said}
    if len(keys) > 1:
        names = ", ".join(part.path.name for part in parts.values())
        raise InputError("scene_files_differ", names=names)


def satellite_of(product: ProductKind, parts: Mapping[str, Part], files: Mapping[str, SceneVariables]) -> str:
    """Return whose scene it is.

    Raises
    ------
    InputError
        ``scene_satellite_unknown``: neither name nor attribute says it, or what stands there is no name.
        ``scene_files_differ``: two of them.
    """
    if product.satellite is not None:
        return product.satellite
    said = {part.said["satellite"] for part in parts.values() if "satellite" in part.said}
    found = {product.satellites.get(word, word) for word in said}
    if not found and product.satellite_attribute is not None:
        for file in files.values():
            word = file.attributes.get(product.satellite_attribute, "").strip()
            found |= {product.satellites.get(word, word)} - {""}
    if len(found) > 1:
        raise InputError("scene_files_differ", names=", ".join(part.path.name for part in parts.values()))
    if not all(_SATELLITE.fullmatch(name) for name in found) or not found:
        names = ", ".join(file.name for file in files.values())
        attribute = product.satellite_attribute or "-"
        raise InputError("scene_satellite_unknown", names=names, attribute=attribute)
    return found.pop()


def span_of(
    product: ProductKind, parts: Mapping[str, Part], files: Mapping[str, SceneVariables]
) -> tuple[float, float]:
    """Return when the first row began and the last one ended, seconds since 1970 UTC.

    Raises
    ------
    InputError
        ``scene_time_unknown``: neither attributes nor name say it, or the end is before the start or hours
        after it.
    """
    time = product.time
    if time.start_attribute is not None and time.end_attribute is not None:
        for file in files.values():
            start = _moment(file.attributes.get(time.start_attribute, ""))
            end = _moment(file.attributes.get(time.end_attribute, ""))
            if start is not None and end is not None and 0.0 <= end - start <= _LONGEST_S:
                return start, end
    if time.name_format is not None and time.duration_s is not None:
        for part in parts.values():
            start = _named(part.said.get("start", ""), time.name_format)
            end = _named(part.said.get("end", ""), time.name_format)
            if start is not None and (end is None or not 0.0 <= end - start <= _LONGEST_S):
                end = start + time.duration_s
            if start is not None and end is not None:
                return start, end
    attributes = f"{time.start_attribute or '-'}, {time.end_attribute or '-'}"
    names = ", ".join(file.name for file in files.values())
    raise InputError("scene_time_unknown", names=names, attributes=attributes)


def _fit(name: str, expressions: Sequence[str]) -> Mapping[str, str] | None:
    for expression in expressions:
        found = re.fullmatch(expression, name)
        if found is not None:
            return {key: text for key, text in found.groupdict().items() if text is not None}
    return None


def _named(text: str, form: str) -> float | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _moment(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
