"""The sentences at the head of a bulletin: counts, changes, what was not observed."""

from __future__ import annotations

from geoaq.report.fire_bulletin.data import BulletinData, Compared, Level, Unit
from geoaq.report.fire_bulletin.words import days, listed, percent, said, satellite_word
from geoaq.report.numbers import fixed

_MOST_NAMED = 5


def sentences(data: BulletinData, lang: str) -> list[str]:
    """Return the summary, one paragraph an entry."""
    ledger = {one.group: one for one in data.ledger}
    verified, suspected = ledger["verified"].satellite, ledger["straw_likely"].satellite
    due = [one for one in data.passes if one.expected]
    wanted, seen = sum(one.days for one in due), sum(one.seen for one in due)
    told: list[str] = []
    observed = any(one.seen for one in data.passes)
    if not observed:
        told.append(said("sum_unseen", lang))
    elif verified + suspected == 0:
        told.append(said("sum_none_judged" if data.unjudged else "sum_none", lang))
    else:
        told.append(_points(data, verified, suspected, lang))
        told += _leading(data, lang)
    if data.total:
        aside = {
            name: one.satellite for name, one in ledger.items() if name not in ("verified", "straw_likely")
        }
        told.append(said("sum_aside", lang, **aside))
    told += _others(data, lang)
    if wanted > seen > 0 and data.before.state != "none":
        told.append(said("now_partial", lang, due=wanted, seen=seen))
    if observed:
        told += [_compared(data.before, "before", lang), _compared(data.year_ago, "year_ago", lang)]
        told += _moved(data, lang)
    told.append(_passes(data, wanted, seen, lang))
    told.append(said("clouds_hide", lang) + _space(lang) + said("not_observed", lang))
    if data.unjudged:
        told.append(said("unjudged", lang, count=data.unjudged))
    if not data.checks:
        told.append(said("checks_none", lang))
    return told + [said(note, lang) for note in data.notes]


def _points(data: BulletinData, verified: int, suspected: int, lang: str) -> str:
    counts = {"count": verified + suspected, "verified": verified, "suspected": suspected}
    told = said("sum_points", lang, **counts, events=data.events, events_verified=data.events_verified)
    if data.open_points:
        told += _space(lang) + said("sum_open", lang, count=data.open_points)
    if data.events_open:
        told += _space(lang) + said("sum_open_events", lang, count=data.events_open)
    return told


def _leading(data: BulletinData, lang: str) -> list[str]:
    """Return which areas have most verified points, at the level below the area; suspicion ranks nobody."""
    level: Level = data.levels[0]
    units = [one for one in data.units if one.level == level and one.adcode and one.straw > 0]
    if len(units) < 2:
        return []
    word = said(f"level_{level}", lang)
    most = sorted((one for one in units if one.verified > 0), key=lambda one: -one.verified)[:_MOST_NAMED]
    if not most:
        return [said("sum_unranked", lang, level=word)]
    names = [said("named", lang, name=one.name.text(lang), count=one.verified) for one in most]
    told = said("sum_most", lang, level=word, names=listed(names, lang))
    if data.arable == "office":
        told += _space(lang) + _intense(units, word, lang)
    return [told]


def _intense(units: list[Unit], word: str, lang: str) -> str:
    known = [(one.intensity_verified, one) for one in units if one.intensity_verified and one.verified > 0]
    highest = sorted(known, key=lambda one: -one[0])[:_MOST_NAMED]
    names = [
        said("named_intensity", lang, name=one.name.text(lang), value=fixed(value, 4))
        for value, one in highest
    ]
    return said("sum_intensity", lang, level=word, names=listed(names, lang)) if names else ""


def _others(data: BulletinData, lang: str) -> list[str]:
    others, pushes = sum(one.other for one in data.ledger), sum(one.push for one in data.ledger)
    told = [said("sum_others", lang, count=others)] if others else []
    return told + ([said("sum_pushes", lang, count=pushes)] if pushes else [])


def _compared(then: Compared, name: str, lang: str) -> str:
    span = {"first": then.first, "last": then.last}
    if then.points is None or then.difference is None:
        return said(f"sum_{name}_none", lang, **span)
    word = "more" if then.difference > 0 else "fewer" if then.difference < 0 else "same"
    words = {"count": abs(then.difference), "percent": percent(then.percent, lang)}
    change = said(word, lang, **(words if then.difference else {}))
    told = said(f"sum_{name}", lang, **span, points=then.points, change=change)
    if then.state == "partial":
        told += _space(lang) + said("partial", lang, due=then.due, seen=then.seen)
    return told


def _moved(data: BulletinData, lang: str) -> list[str]:
    level = said(f"level_{data.levels[0]}", lang)
    told = []
    for name, units in (("new_units", data.before.new), ("gone_units", data.before.gone)):
        if units:
            names = listed([one.text(lang) for one in units], lang)
            told.append(said(name, lang, level=level, names=names))
    return told


def _passes(data: BulletinData, due: int, seen: int, lang: str) -> str:
    lacking = [
        said(
            "missing_pass", lang, satellite=satellite_word(one.satellite, lang), days=days(one.missing, lang)
        )
        for one in data.passes
        if one.missing
    ]
    missing = said("missing_passes", lang, names=listed(lacking, lang)) if lacking else ""
    clouds = said("clouds_known" if data.clouds else "clouds_unknown", lang)
    return said("sum_passes", lang, due=due, seen=seen, missing=missing).rstrip() + _space(lang) + clouds


def _space(lang: str) -> str:
    return "" if lang == "zh" else " "
