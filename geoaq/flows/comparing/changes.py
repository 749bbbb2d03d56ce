"""What changed for the subjects that both screenings have: lead, rules, timing, provinces, distance, row.

A rule that was not asked (not in force, another place) and a rule that does not apply are the same here:
neither says anything of the subject. A distance has changed when it moved by more than both error budgets
together, or was measured in one of the two alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.frames import BOILERS, PROJECTS, UNITS

# In this order: the first that holds names a line. `unmatched` could be on either side.
KINDS = ("new", "gone", "unmatched", "verdict", "rules", "timing", "consultees", "distance")
Bits = npt.NDArray[np.int32]
_KEY = {"row", "part", "subject_id"}
_OF_LIST = {"boiler": BOILERS, "unit": UNITS, "project": PROJECTS}
# Less than the last decimal that any list prints; degrees.
_DEGREE = 1e-7
_CELLS = ["row", "part", "rule_id", "outcome", "timing", "reasons", "quantity", "measured", "limit"]


def bit(kind: str) -> int:
    """Return the bit of one of `KINDS`."""
    return 1 << KINDS.index(kind)


def row_columns(subject: str, *frames: pd.DataFrame) -> list[str]:
    """Return the columns of the list that both tables keep."""
    names = [one.name for one in _OF_LIST[subject].columns if one.name not in _KEY]
    return [name for name in names if all(name in frame.columns for frame in frames)]


def changed_columns(
    old: pd.DataFrame, new: pd.DataFrame, names: list[str]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Return by column which pairs state something else; only columns in which any does."""
    found = {name: ~_same(old[name], new[name], name) for name in names}
    return {name: mask for name, mask in found.items() if mask.any()}


def subject_bits(old: pd.DataFrame, new: pd.DataFrame) -> Bits:
    """Return what changed of each pair by the tables of subjects alone."""
    bits = np.zeros(len(old), np.int32)
    for kind, names in (("verdict", ("lead", "lead_rule")), ("consultees", ("consultees",))):
        for name in names:
            if name in old.columns and name in new.columns:
                bits |= np.where(_same(old[name], new[name], name), 0, bit(kind)).astype(np.int32)
    same_lead = _same(old["lead_rule"], new["lead_rule"], "") & _same(old["lead"], new["lead"], "")
    late = same_lead & ~_same(old["lead_timing"], new["lead_timing"], "")
    return bits | np.where(late, bit("timing"), 0) | np.where(_moved(old, new), bit("distance"), 0)


def rule_cells(folders: tuple[Path, Path], rows: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Return every rule of every pair whose outcome or, where it says something, timing changed.

    Parameters
    ----------
    folders
        The two screenings.
    rows
        ``row`` and ``part`` of each pair, in either.

    Returns
    -------
    pandas.DataFrame
        By pair, then rule: ``pair``, ``rule_id``, and ``outcome timing reasons quantity measured limit`` of
        either with the suffixes ``_old`` and ``_new``; missing where a run did not ask the rule.
    """
    tables = [_findings(folder, pairs) for folder, pairs in zip(folders, rows, strict=True)]
    rules = {rule: at for at, rule in enumerate(sorted(set().union(*(set(one[1]) for one in tables))))}
    cells = []
    for frame, names in tables:
        code = np.array([rules[name] for name in names] or [0], np.int64)
        frame.index = pd.Index(
            frame["pair"].to_numpy() * max(1, len(rules)) + code[frame.pop("rule").to_numpy()]
        )
        cells.append(frame)
    keys = cells[0].index.union(cells[1].index)
    told = []
    for frame in cells:
        at = frame.index.get_indexer(keys)
        # Position -1, of a rule that this run did not ask, is what is appended.
        said = np.append(frame["said"].to_numpy(np.int64), 0)[at]
        timing = np.append(frame["timing"].cat.codes.to_numpy(np.int64), -1)[at]
        told.append((at, said, timing))
    differs = told[0][1] != told[1][1]
    words = [list(frame["timing"].cat.categories) for frame in cells]
    spoken = (told[0][1] > 0) & ~differs
    late = np.zeros(len(keys), bool)
    late[spoken] = _words(words[0], told[0][2][spoken]) != _words(words[1], told[1][2][spoken])
    kept = np.flatnonzero(differs | late)
    width = max(1, len(rules))
    rule_ids = np.array(list(rules) or [""], object)
    columns: dict[str, Any] = {
        "pair": keys.to_numpy()[kept] // width,
        "rule_id": rule_ids[keys.to_numpy()[kept] % width],
        "differs": differs[kept],
    }
    for (at, _, _), frame, side in zip(told, cells, ("old", "new"), strict=True):
        for name in ("outcome", "timing", "reasons", "quantity"):
            words_of = np.array([*frame[name].cat.categories, ""], object)
            codes = np.append(frame[name].cat.codes.to_numpy(np.int64), -1)
            columns[f"{name}_{side}"] = words_of[codes[at[kept]]]
        for name in ("measured", "limit"):
            columns[f"{name}_{side}"] = np.append(frame[name].to_numpy(float), np.nan)[at[kept]]
    return pd.DataFrame(columns)


def _words(words: list[str], codes: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    return np.array([*words, ""], object)[codes]


def _findings(folder: Path, pairs: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the findings of the pairs, ``rule`` as a position in the rules that are returned beside."""
    import pyarrow.parquet as pq

    frame = pq.read_table(folder / "findings.parquet", columns=_CELLS).unify_dictionaries().to_pandas()
    keys = _key(frame)
    wanted = _key(pairs)
    order = np.argsort(wanted, kind="stable")
    place = np.searchsorted(wanted[order], keys)
    place[place == len(order)] = 0
    hit = wanted[order][place] == keys if len(order) else np.zeros(len(keys), bool)
    frame = frame.loc[hit].drop(columns=["row", "part"])
    frame.insert(0, "pair", order[place[hit]])
    rule = frame.pop("rule_id").astype("category")
    for name in ("outcome", "timing", "reasons", "quantity"):
        frame[name] = frame[name].astype("category")
    outcome = frame["outcome"].astype(object)
    frame["said"] = np.select([outcome == APPLIES, outcome == NEEDS_REVIEW], [1, 2], 0)
    frame["rule"] = rule.cat.codes.to_numpy(np.int64)
    return frame, rule.cat.categories.tolist()


def _key(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    return np.asarray(frame["row"].to_numpy(np.int64) * 4096 + frame["part"].to_numpy(np.int64))


def _moved(old: pd.DataFrame, new: pd.DataFrame) -> npt.NDArray[np.bool_]:
    before, after = (one["distance_km"].to_numpy(float) * 1000.0 for one in (old, new))
    errors = [np.nan_to_num(one["distance_u_m"].to_numpy(float)) for one in (old, new)]
    with np.errstate(invalid="ignore"):
        far = np.abs(after - before) > np.hypot(*errors)
    return np.asarray(far | (np.isnan(before) != np.isnan(after)))


def _same(old: pd.Series, new: pd.Series, name: str) -> npt.NDArray[np.bool_]:
    if old.dtype.kind == "f" and new.dtype.kind == "f":
        before, after = old.to_numpy(float), new.to_numpy(float)
        slack = _DEGREE if name in ("lon", "lat") else 1e-9
        with np.errstate(invalid="ignore"):
            close = np.abs(before - after) <= slack
        return np.asarray(close | (np.isnan(before) & np.isnan(after)))
    texts = [one.astype(object).where(one.notna(), "").to_numpy() for one in (old, new)]
    return np.asarray(texts[0] == texts[1], bool)
