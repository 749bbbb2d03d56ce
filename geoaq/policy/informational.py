"""What is shown beside the outcomes and never is one: brakes, drafts, documents that have run out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, OUTCOMES
from geoaq.policy.bench import Bench
from geoaq.policy.conditions import fall
from geoaq.policy.evaluate import conjunction
from geoaq.policy.facts import Facts
from geoaq.policy.model import Brake, Pack

COLUMNS = ("subject", "kind", "id", "source", "binding", "in_season", "truth")
KINDS = ("brake", "draft", "expired")
_OF_BRAKES = ("purpose", "status", "province_adcode")
# A boiler whose row does not say what it heats may heat rooms.
_MAYBE_HEATING = ("", "heating_unstated")
_NOT_STANDING = ("demolished", "planned", "relocating")


def informational(
    pack: Pack,
    facts: Mapping[str, Any],
    *,
    subject: Literal["boiler", "unit", "project", "fire"],
    as_of: date,
) -> pd.DataFrame:
    """Return the brakes and the sentences of drafts and expired documents that concern each subject.

    Parameters
    ----------
    pack, facts, subject, as_of
        As in `geoaq.policy.evaluate`.

    Returns
    -------
    DataFrame
        One row a subject and sentence, by subject: ``kind`` (``brake``, ``draft``, ``expired``), ``id`` of a
        brake or rule, ``source``, ``binding`` (a brake of a document in force), ``in_season`` (a seasonal
        brake within the heating season), ``truth`` (how a draft's conditions fall: ``applies`` or
        ``needs_review``; ``''`` for a brake). A brake is shown on existing boilers of its purposes and on
        those that may be of them (purpose blank, or heating without a word of which kind), a provincial one
        inside its province; a draft's rule where none of its conditions is false.
    """
    table = Facts(facts)
    bench = Bench(pack, table, as_of)
    parts = [_brake(bench, brake, subject) for brake in pack.brakes.values() if subject in brake.subjects]
    for rule in pack.rules.values():
        source = pack.sources[rule.source]
        conditions = rule.conditions(subject)
        started = source.effective <= as_of or source.status == "consultation_draft"
        if not conditions or source.in_force(as_of) or not started:
            continue
        whole = conjunction(np.stack([fall(condition, bench).truth for condition in conditions]))
        rows = np.flatnonzero(whole != FALSE)
        truth = np.array(OUTCOMES, object)[np.where(whole[rows] == 1, 0, 2)]
        kind = "draft" if source.status == "consultation_draft" else "expired"
        parts.append(_rows(rows, kind, rule.id, rule.source, binding=False, in_season=False, truth=truth))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return frame.sort_values("subject", kind="stable", ignore_index=True)


def brake_texts(
    pack: Pack, subjects: pd.DataFrame, *, subject: Literal["boiler", "unit", "project"], as_of: date
) -> npt.NDArray[np.object_]:
    """Return the brakes that are shown on each subject.

    Parameters
    ----------
    pack
        The policy; its ``brakes`` hold the sentence, document and article of each id.
    subjects
        Columns ``purpose``, ``status`` and ``province_adcode``; one that is not there is unstated.
    subject, as_of
        As in `geoaq.policy.evaluate`.

    Returns
    -------
    ndarray of str
        Shape (n,): ids of brakes in the pack's order, joined by ``';'``; ``''`` where none is shown.
    """
    facts = Facts({name: subjects[name] for name in _OF_BRAKES if name in subjects})
    facts.n = len(subjects)
    bench = Bench(pack, facts, as_of)
    asked = [brake for brake in pack.brakes.values() if subject in brake.subjects]
    key = np.zeros(facts.n, np.int64)
    for at, brake in enumerate(asked):
        key |= _shown(bench, brake, subject).astype(np.int64) << at
    found, unique = pd.factorize(key)
    words = [";".join(b.id for at, b in enumerate(asked) if mask >> at & 1) for mask in unique.tolist()]
    return np.array(words, object)[found] if words else np.zeros(0, object)


def _shown(bench: Bench, brake: Brake, subject: str) -> npt.NDArray[np.bool_]:
    facts, source = bench.facts, bench.pack.sources[brake.source]
    shown = np.ones(facts.n, np.bool_)
    if subject == "boiler":
        codes, values = facts.words("purpose")
        held = (*brake.purposes, *_MAYBE_HEATING)
        shown &= np.array([value in held for value in values], np.bool_)[codes]
    codes, values = facts.words("status")
    shown &= np.array([value not in _NOT_STANDING for value in values], np.bool_)[codes]
    if source.area is not None:
        codes, values = facts.words("province_adcode")
        shown &= np.array([value == source.area for value in values], np.bool_)[codes]
    in_season = brake.seasonal and bench.pack.season.holds(bench.as_of)
    if (brake.seasonal and not in_season) or (brake.binding and not source.in_force(bench.as_of)):
        shown[:] = False
    return shown


def _brake(bench: Bench, brake: Brake, subject: str) -> pd.DataFrame:
    in_season = brake.seasonal and bench.pack.season.holds(bench.as_of)
    rows = np.flatnonzero(_shown(bench, brake, subject))
    truth = np.full(len(rows), "", object)
    return _rows(
        rows, "brake", brake.id, brake.source, binding=brake.binding, in_season=in_season, truth=truth
    )


def _rows(
    rows: npt.NDArray[Any],
    kind: str,
    name: str,
    source: str,
    *,
    binding: bool,
    in_season: bool,
    truth: npt.NDArray[Any],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "subject": rows.astype(np.int32),
            "kind": kind,
            "id": name,
            "source": source,
            "binding": binding,
            "in_season": in_season,
            "truth": truth,
        },
        columns=list(COLUMNS),
    )
