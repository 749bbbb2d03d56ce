"""Scenes of the same slot of earlier days, opened beside the one that is searched, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.fires.detection import DetectorRule
from geoaq.io.scenes import SceneFile, open_scene

#: How many days back the same slot still shows the same ground, and how far the slot may be off, s.
DAYS, SLOT_S = 10, 600.0
_DAY_S = 86_400.0
# Places of one grid differ by rounding alone; a cell of 0.02° would be out by four of these.
_APART_DEG = 0.005
_ROWS = 9


def open_earlier(
    paths: Sequence[Path], scene: SceneFile, rule: DetectorRule, catalog: Catalog, stack: ExitStack
) -> list[SceneFile]:
    """Open scenes of earlier days, one file each; ``stack`` closes them.

    Parameters
    ----------
    paths
        The files.
    scene
        The scene that is searched.
    rule
        Its detector.
    catalog
        Kinds of scenes.

    Raises
    ------
    InputError
        ``earlier_no_use``: the detector asks nothing of earlier days. ``earlier_other_kind``,
        ``earlier_other_grid``, ``earlier_other_slot``, ``earlier_not_before``, ``earlier_twice``: it is no
        scene of the same satellite, grid and slot of one of the ten days before, or a second one of its day.
        What `open_scene` raises: the file cannot be read, or is not of the scene's kind.
    """
    if paths and not rule.view.candidates_only:
        raise InputError("earlier_no_use", detector=rule.name)
    found: dict[int, SceneFile] = {}
    for path in paths:
        kind = catalog.scenes[scene.product.id]
        one = stack.enter_context(open_scene([path], kind, catalog.scenes))
        day = _days_before(one, scene)
        if (one.satellite, one.detector) != (scene.satellite, scene.detector):
            raise InputError(
                "earlier_other_kind", name=path.name, seen=f"{one.satellite} {one.detector}",
                wanted=f"{scene.satellite} {scene.detector}",
            )  # fmt: skip
        if not _on_one_grid(one, scene):
            raise InputError("earlier_other_grid", name=path.name)
        if day in found:
            raise InputError("earlier_twice", name=path.name, other=", ".join(found[day].names))
        found[day] = one
    return [found[day] for day in sorted(found)]


def _days_before(one: SceneFile, scene: SceneFile) -> int:
    """Return how many days a scene lies before another, in the same slot."""
    apart = scene.start - one.start
    days = round(apart / _DAY_S)
    told = {"name": ", ".join(one.names), "seen": _moment(one.start), "wanted": _moment(scene.start)}
    if abs(apart - days * _DAY_S) >= SLOT_S:
        raise InputError("earlier_other_slot", **told, minutes=round(SLOT_S / 60))
    if not 1 <= days <= DAYS:
        raise InputError("earlier_not_before", **told, days=DAYS)
    return days


def _on_one_grid(one: SceneFile, scene: SceneFile) -> bool:
    """Say whether rows spread over two scenes lie at the same places."""
    if (one.rows, one.columns) != (scene.rows, scene.columns):
        return False
    for row in np.unique(np.linspace(0, scene.rows - 1, min(scene.rows, _ROWS)).round().astype(int)):
        (lon, lat), (x, y) = one.lon_lat(row, row + 1), scene.lon_lat(row, row + 1)
        nowhere = np.isnan(x)
        if not np.array_equal(np.isnan(lon), nowhere):
            return False
        east = np.abs((lon - x + 180.0) % 360.0 - 180.0)[~nowhere]
        if (east > _APART_DEG).any() or (np.abs(lat - y)[~nowhere] > _APART_DEG).any():
            return False
    return True


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M UTC")
