"""A file of zones that a process of its own has looked through: written there, read where zones are kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geoaq.flows.fires.own_zones import Checked, told_issues
from geoaq.store.zones import KeptPermit, KeptZone

_FILE = "checked.json"


@dataclass(frozen=True)
class LookedAt:
    """What came of a file.

    Attributes
    ----------
    zones, permits
        What can be kept.
    features
        Shapes in the file.
    without_text
        How many of the zones cite no text.
    problems
        ``row`` (0: the file), ``field``, ``value``, ``severity``, and the sentence as ``zh`` and ``en``.
    """

    zones: tuple[KeptZone, ...]
    permits: tuple[KeptPermit, ...]
    features: int
    without_text: int
    problems: tuple[dict[str, Any], ...]


def write_checked(found: Checked, folder: Path) -> None:
    """Write what came of a file into a folder, which is made."""
    folder.mkdir()
    issues = [
        {
            "row": int(one["row"]),
            "field": str(one["field"]),
            "value": str(one["value"]),
            "severity": str(one["severity"]),
            "zh": str(one["message_zh"]),
            "en": str(one["message_en"]),
        }
        for one in told_issues(found.issues).to_dict("records")
    ]
    told = {
        "zones": [_plain(one) for one in found.zones],
        "permits": [_plain(one) for one in found.permits],
        "features": found.features,
        "without_text": found.without_text,
        "problems": issues,
    }
    (folder / _FILE).write_text(json.dumps(told, ensure_ascii=False, allow_nan=False), "utf-8")


def read_checked(folder: Path) -> LookedAt:
    """Return what `write_checked` wrote."""
    told = json.loads((folder / _FILE).read_text("utf-8"))
    return LookedAt(
        zones=tuple(KeptZone(**_zone_words(one)) for one in told["zones"]),
        permits=tuple(KeptPermit(**one | {"shape": bytes.fromhex(one["shape"])}) for one in told["permits"]),
        features=told["features"],
        without_text=told["without_text"],
        problems=tuple(told["problems"]),
    )


def _plain(one: KeptZone | KeptPermit) -> dict[str, Any]:
    return asdict(one) | {"shape": one.shape.hex()}


def _zone_words(one: dict[str, Any]) -> dict[str, Any]:
    pairs = {name: tuple((begin, end) for begin, end in one[name]) for name in ("seasons", "hours")}
    return one | pairs | {"complete_for": tuple(one["complete_for"]), "shape": bytes.fromhex(one["shape"])}
