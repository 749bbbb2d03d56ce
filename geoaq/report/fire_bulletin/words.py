"""Words for the codes that a bulletin holds: groups, satellites, reasons, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geoaq.report.numbers import fixed
from geoaq.report.sheet.words import Words
from geoaq.wording import catalogue, say

_CONFIDENCES = {-1: "unknown", 0: "low", 1: "nominal", 2: "high"}
_LEVELS = ("URT", "RT", "NRT", "SP")
_CHECKED = ("verified", "checked_other", "checked_no_trace")


def said(code: str, lang: str, /, **params: object) -> str:
    """Return a sentence of ``bulletin.toml``."""
    return say(f"bulletin.{code}", lang, **params)


def group_word(group: str, lang: str) -> str:
    """Return the name of a group of detections."""
    return said(f"group_{group}", lang) if group in _CHECKED else say(f"fire_quality.class_{group}", lang)


def reason_words(reasons: Sequence[str], lang: str) -> str:
    """Return the reasons of a class as a list; a code without a sentence stands as it is."""
    found = [_of(f"fire_quality.{reason.partition(':')[0]}", reason, lang) for reason in reasons]
    return ("；" if lang == "zh" else "; ").join(found)


def satellite_word(name: str, lang: str) -> str:
    """Return the name of a satellite; of another source the name that it bears, else its kind."""
    own = name.partition(":")[2] or _of(f"fire_map.kind_{name}", name, lang)
    return _of(f"fire_map.satellite_{name}", own, lang)


def confidence_word(value: int, lang: str) -> str:
    """Return a confidence in words."""
    return say(f"fire_map.confidence_{_CONFIDENCES[value]}", lang)


def verdict_word(verdict: str, lang: str) -> str:
    """Return what the rules make of an event."""
    return say(f"fire_map.verdict_{verdict or 'none'}", lang)


def level_word(level: int) -> str:
    """Return the level of processing as FIRMS names it."""
    return _LEVELS[level]


def ban_words(verdict: str, bans: Sequence[Words], lang: str) -> str:
    """Return the verdict and the texts that it rests on, one a line."""
    return "\n".join([verdict_word(verdict, lang), *(one.text(lang) for one in bans)])


def listed(names: Sequence[str], lang: str) -> str:
    """Return names as a list in a sentence."""
    return said("list_joiner", lang).join(names)


def days(found: Sequence[date], lang: str) -> str:
    """Return dates as a list; runs of days as their first and last.

    Examples
    --------
    >>> days([date(2025, 6, 9), date(2025, 6, 10), date(2025, 6, 12)], "en")
    '2025-06-09…06-10, 2025-06-12'
    """
    runs: list[list[date]] = []
    for day in found:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = [f"{run[0]}…{run[-1]:%m-%d}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return listed(told, lang)


def percent(value: float | None, lang: str) -> str:
    """Return a change per cent in brackets, '' where there is none."""
    return "" if value is None else said("percent", lang, value=fixed(abs(value), 1))


def _of(code: str, other: str, lang: str) -> str:
    return say(code, lang) if code in catalogue() else other
