"""What a later policy, boundary or list would change in a sheet, said line by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain

from geoaq.report.numbers import fixed
from geoaq.report.sheet.data import Boundaries, Clause, Neighbour, SheetData, Stamp
from geoaq.report.sheet.units import km
from geoaq.report.sheet.words import Words, words
from geoaq.report.tally import Record
from geoaq.wording import LANGS, say


class Recheck(Record):
    """A sheet held against the policy and lines of a later day (``recheck.json``)."""

    number: str
    name: str
    as_of: date
    now: date
    policy: Stamp
    policy_now: Stamp
    changes: tuple[Words, ...]


def sheet_changes(old: SheetData, new: SheetData) -> tuple[Words, ...]:
    """Return what differs between two sheets of one project, findings first, versions last; () for nothing.

    Distances are compared to the metre: what a rounding of the same line leaves is no change.
    """
    said: list[Words] = []
    if old.lead != new.lead:
        said.append(_both("change_lead", old=old.lead, new=new.lead))
    for before, after in zip(old.limbs, new.limbs, strict=True):
        if (before.outcome, before.verdict) != (after.outcome, after.verdict):
            limb = words(f"sheet.limb_{after.id}_short")
            said.append(_both("change_limb", limb=limb, old=before.verdict, new=after.verdict))
    said += _neighbours(old, new)
    said += _clauses(old, new)
    added, removed = (len(set(a.missing) - set(b.missing)) for a, b in ((new, old), (old, new)))
    if added or removed:
        said.append(words("sheet.change_open", added=added, removed=removed))
    said += _versions(old, new)
    return tuple(said)


def _both(name: str, /, **values: Words | str) -> Words:
    """Return a sentence of the catalogue whose values have their own words in each language."""

    def said(lang: str) -> str:
        own = {key: value.text(lang) if isinstance(value, Words) else value for key, value in values.items()}
        return say(f"sheet.{name}", lang, **own)

    return Words(zh=said("zh"), en=said("en"))


def _neighbours(old: SheetData, new: SheetData) -> Iterable[Words]:
    before, after = (
        {one.adcode: one for one in sheet.neighbours if one.kind != "other_line"} for sheet in (old, new)
    )
    for adcode in dict.fromkeys((*after, *before)):
        was, now = before.get(adcode), after.get(adcode)
        if was is None and now is not None:
            yield _both("change_province_new", province=now.name, finding=_finding(now, new))
        elif now is None and was is not None:
            yield _both("change_province_gone", province=was.name, finding=_finding(was, old))
        elif was is not None and now is not None:
            yield from _neighbour(was, now, old, new)


def _neighbour(was: Neighbour, now: Neighbour, old: SheetData, new: SheetData) -> Iterable[Words]:
    if was.outcome != now.outcome:
        yield _both("change_finding", province=now.name, old=_finding(was, old), new=_finding(now, new))
    if was.distance_m is None or now.distance_m is None:
        return
    apart = abs(was.distance_m - now.distance_m)
    if apart >= 1.0:
        before, after = km(was.distance_m, old.strip_km), km(now.distance_m, new.strip_km)
        yield _both("change_distance", province=now.name, old=before, new=after, metres=fixed(apart, 0))


def _finding(one: Neighbour, sheet: SheetData) -> Words:
    return words(f"sheet.finding_{one.outcome}", km=f"{sheet.strip_km:g}")


def _clauses(old: SheetData, new: SheetData) -> Iterable[Words]:
    before, after = (
        {one.rule_id: one for one in chain(*(limb.clauses for limb in sheet.limbs), sheet.vetoes)}
        for sheet in (old, new)
    )
    for rule in dict.fromkeys((*after, *before)):
        was, now = before.get(rule), after.get(rule)
        if was is None and now is not None:
            yield _both("change_clause_new", title=_title(now), finding=now.verdict)
        elif now is None and was is not None:
            yield _both("change_clause_gone", title=_title(was), finding=was.verdict)
        elif was is not None and now is not None:
            if (was.outcome, was.verdict) != (now.outcome, now.verdict):
                yield _both("change_clause", title=_title(now), old=was.verdict, new=now.verdict)
            if was.quote != now.quote:
                yield _both("change_quote", title=_title(now))


def _title(one: Clause) -> Words:
    return Words(zh=f"{one.title.zh}（{one.rule_id}）", en=f"{one.title.en} ({one.rule_id})")


def _versions(old: SheetData, new: SheetData) -> Iterable[Words]:
    if (old.policy.version, old.policy.sha256) != (new.policy.version, new.policy.sha256):
        yield _both("change_version", name=new.policy.name, old=_stamp(old.policy), new=_stamp(new.policy))
    for before, after in zip(old.boundaries, new.boundaries, strict=False):
        if (before.name, before.version, before.sha256) == (after.name, after.version, after.sha256):
            continue
        if before.name == after.name:
            yield _both("change_version", name=after.name, old=_stamp(before), new=_stamp(after))
        else:
            role = words(f"sheet.layer_{after.role}")
            yield _both("change_boundaries", role=role, old=_named(before), new=_named(after))


def _named(one: Boundaries) -> Words:
    zh, en = (f"{one.name.text(lang)} {_stamp(one)}" for lang in LANGS)
    return Words(zh=zh, en=en)


def _stamp(one: Stamp | Boundaries) -> str:
    return f"{one.version} ({one.sha256[:12]})".strip()
