"""A detector's file becomes its rule, or an error that names the number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints

from geoaq.errors import ConfigError
from geoaq.fires.detection.sections import (
    Around,
    Clearing,
    Contextual,
    Desert,
    DetectorRule,
    Glint,
    Neighbours,
    PixelTests,
    Power,
    Ramps,
    Scan,
    View,
    Window,
)

EVIDENCE = ("paper", "product", "transcribed", "memory", "own")
REJECTIONS = ("desert", "glint", "coast", "clearing")
_OF_SECTION = ("source", "evidence")
_LARGEST_WINDOW = 63
Section = TypeVar("Section", bound=tuple[Any, ...])


def detector_rule(table: Mapping[str, Any], name: str) -> DetectorRule:
    """Return the rule of a parsed file of ``layers/product/detector/``.

    Parameters
    ----------
    table
        The file's content.
    name
        Its stem, for messages.

    Raises
    ------
    ConfigError
        ``detector_broken``: something is missing, unknown or out of range, or has no source or evidence.
    """
    try:
        tests = {key: _section(kind, table, key) for key, kind in get_type_hints(PixelTests).items()}
        confidence = {"neighbours": Neighbours, "ramps": Ramps}[table["confidence"]["kind"]]
        _known(table["rejection"], {"order", "fixed_too"}, "rejection")
        _known(table["coast"], {"near_water"}, "coast")
        rule = DetectorRule(
            name=name,
            tests=PixelTests(**tests),
            around=_section(Around, table, "around"),
            window=_section(Window, table, "window"),
            contextual=_section(Contextual, table, "contextual"),
            rejections=tuple(str(one) for one in table["rejection"]["order"]),
            glint_of_fixed=bool(table["rejection"]["fixed_too"]),
            desert=_section(Desert, table, "desert"),
            coast=bool(table["coast"]["near_water"]),
            clearing=_section(Clearing, table, "clearing"),
            glints=tuple(_glint(entry, place) for place, entry in enumerate(table["glint"])),
            confidence=_section(confidence, table, "confidence", frozenset({"kind"})),
            power=_section(Power, table, "power"),
            view=_section(View, table, "view"),
            scan=_section(Scan, table, "scan"),
        )
        _sound(rule)
        return rule
    except KeyError as error:
        raise _broken(name, f"{error.args[0]} is missing") from error
    except (TypeError, ValueError) as error:
        raise _broken(name, str(error)) from error


def _section(
    kind: type[Section], table: Mapping[str, Any], key: str, besides: frozenset[str] = frozenset()
) -> Section:
    """Return one section, each number of the kind that the section asks for."""
    entry = table[key]
    hints = get_type_hints(kind)
    _known(entry, set(hints) | besides, key)
    return kind(**{one: _number(entry, one, hint, key) for one, hint in hints.items()})


def _glint(entry: Mapping[str, Any], place: int) -> Glint:
    where = f"glint[{place}]"
    _known(entry, set(Glint._fields), where)
    most = {
        one: None if one not in entry else _number(entry, one, float, where)
        for one in ("sum", "red", "nir", "swir")
    }
    return Glint(
        within=_number(entry, "within", float, where), near_water=bool(entry.get("near_water", False)), **most
    )


def _number(entry: Mapping[str, Any], one: str, hint: Any, where: str) -> Any:
    """Return what stands at a key, if it is of that kind."""
    if one not in entry:
        raise KeyError(f"{where}.{one}")
    value = entry[one]
    makers: dict[Any, tuple[tuple[type, ...], Callable[[Any], Any]]] = {
        float: ((int, float), float),
        int: ((int,), int),
        bool: ((bool,), bool),
        str: ((str,), str),
        tuple[float, ...]: ((list,), lambda values: tuple(float(each) for each in values)),
        tuple[int, ...]: ((list,), lambda values: tuple(int(each) for each in values)),
    }
    kinds, maker = makers[hint]
    wrong = not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool)
    if wrong or (isinstance(value, float) and math.isnan(value)):
        raise ValueError(f"{where}.{one} = {value!r}")
    return maker(value)


def _known(entry: Mapping[str, Any], keys: set[str], where: str) -> None:
    """Complain of keys that nothing reads, and of numbers without source or evidence."""
    for key in _OF_SECTION:
        if not entry.get(key):
            raise KeyError(f"{where}.{key}")
    if entry["evidence"] not in EVIDENCE:
        raise ValueError(f"{where}.evidence = {entry['evidence']}")
    strange = sorted(set(entry) - keys - set(_OF_SECTION))
    if strange:
        raise ValueError(f"{where}.{strange[0]} is not known")


def _sound(rule: DetectorRule) -> None:
    """Complain of numbers that contradict each other."""
    window, around, candidate, scan = rule.window, rule.around, rule.tests.candidate, rule.scan
    ok = {
        "around.kind": around.kind in ("median", "mean"),
        "around.least": around.least >= 1 and min(around.half_lines, around.half_samples) >= 0,
        "window.smallest": window.smallest % 2 == 1 and window.smallest >= 3,
        "window.largest": window.largest % 2 == 1 and window.smallest <= window.largest <= _LARGEST_WINDOW,
        "window.share": 0.0 <= window.share <= 1.0,
        "window.least": window.least >= 1,
        "candidate.day_t4_most": candidate.day_t4_least <= candidate.day_t4_most,
        "candidate.day_dt_most": candidate.day_dt_least <= candidate.day_dt_most,
        "rejection.order": set(rule.rejections) <= set(REJECTIONS),
        "power.a": rule.power.a > 0.0 and rule.power.coarse_a > 0.0 and rule.power.um > 0.0,
        "scan.zone_samples": len(scan.zone_samples) == len(scan.zone_ends_deg)
        and 2 * sum(scan.zone_samples) == scan.samples,
        "scan.altitude_km": scan.altitude_km > 0.0 and scan.scan_m > 0.0 and scan.track_m > 0.0,
        "scan.zone_ends_deg": all(0.0 < end < 62.0 for end in scan.zone_ends_deg)
        and list(scan.zone_ends_deg) == sorted(scan.zone_ends_deg),
    }
    if isinstance(rule.confidence, Ramps):
        ramps = rule.confidence[:5]
        ok["confidence"] = all(len(ramp) == 2 and ramp[0] < ramp[1] for ramp in ramps)
    if around.kind == "median":
        # Its exact count takes the difference for what the upper limit leaves open.
        ok["candidate.day_dt_least"] = candidate.day_dt_least == candidate.day_dt_most
    for key, fine in ok.items():
        if not fine:
            raise ValueError(f"{key} is out of range")


def _broken(name: str, problem: str) -> ConfigError:
    return ConfigError("detector_broken", name=name, problem=problem)
