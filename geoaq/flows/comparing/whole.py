"""The comparison of two screening folders as one table of what changed, with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq.errors import InputError
from geoaq.flows.comparing.causes import Evidence, cause_counts, reach_differs, why
from geoaq.flows.comparing.changes import (
    KINDS,
    bit,
    changed_columns,
    row_columns,
    rule_cells,
    subject_bits,
)
from geoaq.flows.comparing.inputs import Difference, differences
from geoaq.flows.comparing.matching import Matching, match
from geoaq.report.summary import Summary, read_summary

_SIDES = ("old", "new")
_SHOWN = (
    "row", "part", "subject_id", "name", "county", "lead", "lead_rule", "lead_timing", "distance_km",
    "distance_u_m", "anchor_name", "neighbour_name", "consultee_names",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What changed from one screening to another of the same kind of list.

    Attributes
    ----------
    subject
        ``boiler``, ``unit`` or ``project``.
    runs
        In what the two runs differ.
    counts
        ``old``, ``new_list`` (subjects of either), ``matched``, ``by_name``, one of each of `KINDS` (a
        subject counts under every kind that it has), ``changed``, ``unchanged``, and ``unchanged_row``:
        unchanged ones whose row states something else.
    causes
        By cause how many subjects it is ``shown`` to have changed, and how many it ``maybe`` has.
    leads
        Number of matched subjects by the sign of their lead, old and new, where the two differ.
    rules
        Number of matched subjects by rule, old and new outcome, where the two differ.
    lines
        One row for each subject that is new, gone, not matched or changed: ``bits`` (`KINDS`), ``differs``
        and ``shown`` (bits of `CAUSES`), ``by_name``, ``key`` (of its ``cells`` and ``data``, -1: none) and
        what either table says of it, with the suffixes ``_old`` and ``_new``. Gone before matched before new.
    cells
        Rules that changed: see `geoaq.flows.comparing.changes.rule_cells`.
    data
        Cells of the list that changed: ``pair``, ``column``, ``old``, ``new``.
    """

    subject: str
    runs: tuple[Difference, ...]
    counts: Mapping[str, int]
    causes: Mapping[str, Mapping[str, int]]
    leads: Mapping[tuple[str, str], int]
    rules: Mapping[tuple[str, str, str], int]
    lines: pd.DataFrame
    cells: pd.DataFrame
    data: pd.DataFrame

    def of_pair(self, table: str, key: int) -> list[dict[str, Any]]:
        """Return the rows of ``cells`` or ``data`` of one line."""
        frame: pd.DataFrame = getattr(self, table)
        left, right = np.searchsorted(frame["pair"].to_numpy(), [key, key + 1])
        return [
            {str(name): value for name, value in one.items()} for one in frame[left:right].to_dict("records")
        ]


def compare_screenings(old: Path, new: Path) -> Comparison:
    """Compare two finished screenings, by what their folders hold.

    Parameters
    ----------
    old, new
        The folders; ``new`` is what is asked about.

    Raises
    ------
    InputError
        ``compare_no_tables``: a folder without ``summary.json`` or the tables; ``compare_other_list``: one is
        of boilers, the other of units or projects.
    """
    folders = (old, new)
    summaries = tuple(_summary(folder) for folder in folders)
    if summaries[0].subject != summaries[1].subject:
        raise InputError("compare_other_list")
    frames = tuple(_subjects(folder) for folder in folders)
    found = match(*frames)
    left, right = (
        frame.iloc[at].reset_index(drop=True)
        for frame, at in zip(frames, (found.old, found.new), strict=True)
    )
    keys = (left[["row", "part"]], right[["row", "part"]])
    columns = row_columns(summaries[0].subject, left, right)
    stated = changed_columns(left, right, columns)
    bits = subject_bits(left, right)
    cells = rule_cells(folders, keys)
    other = cells["differs"].to_numpy(bool)
    for kind, mask in (("rules", other), ("timing", ~other)):
        np.bitwise_or.at(bits, cells["pair"].to_numpy(np.int64)[mask], bit(kind))

    runs = differences(*summaries)
    nothing = np.zeros(len(bits), bool)
    evidence = Evidence(
        stays=~(stated.get("lon", nothing) | stated.get("lat", nothing)),
        row=np.logical_or.reduce([nothing, *stated.values()]),
        reach=reach_differs(folders, keys),
        place=(left["adcode"].fillna("") != right["adcode"].fillna("")).to_numpy(bool),
    )
    differs, shown = why(bits, cells, evidence, runs, *summaries)
    changed = bits > 0
    data = _data(left, right, {name: mask & changed for name, mask in stated.items()})
    lines = _lines(frames, found, (left, right), bits, differs, shown)
    return Comparison(
        subject=summaries[0].subject,
        runs=runs,
        counts=_counts(frames, found, lines, bits, evidence),
        causes=cause_counts(differs, shown),
        leads=_leads(left, right),
        rules=_rules(cells[other]),
        lines=lines,
        cells=cells,
        data=data,
    )


def _summary(folder: Path) -> Summary:
    try:
        return read_summary(folder / "summary.json")
    except (OSError, ValueError):
        raise InputError("compare_no_tables", name=folder.name) from None


def _subjects(folder: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    if not all((folder / f"{name}.parquet").is_file() for name in ("subjects", "findings")):
        raise InputError("compare_no_tables", name=folder.name)
    frame: pd.DataFrame = pq.read_table(folder / "subjects.parquet").to_pandas()
    return frame


def _lines(
    frames: tuple[pd.DataFrame, ...],
    found: Matching,
    pairs: tuple[pd.DataFrame, pd.DataFrame],
    bits: np.ndarray,
    differs: np.ndarray,
    shown: np.ndarray,
) -> pd.DataFrame:
    at = np.flatnonzero(bits)
    blocks = [
        _block(pairs[0].iloc[at], pairs[1].iloc[at]).assign(
            bits=bits[at], differs=differs[at], shown=shown[at], by_name=found.by_name[at], key=at
        )
    ]
    for kind, side, positions in (
        ("gone", 0, found.gone), ("unmatched", 0, found.lost), ("new", 1, found.added),
        ("unmatched", 1, found.unclear),
    ):  # fmt: skip
        rows = frames[side].iloc[positions]
        none = frames[1 - side].iloc[:0].reindex(range(len(rows)))
        block = _block(rows, none) if side == 0 else _block(none, rows)
        blocks.append(block.assign(bits=bit(kind), differs=0, shown=0, by_name=False, key=-1))
    kept = [block for block in blocks if len(block)] or blocks[:1]
    joined = pd.concat(kept, ignore_index=True)
    order = joined["row_new"].fillna(joined["row_old"]).argsort(kind="stable")
    return joined.iloc[order].reset_index(drop=True)


def _block(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for side, frame in zip(_SIDES, (old, new), strict=True):
        for name in _SHOWN:
            if name in frame.columns:
                values = frame[name]
                columns[f"{name}_{side}"] = (
                    values.to_numpy(float, na_value=np.nan)
                    if pd.api.types.is_numeric_dtype(values.dtype)
                    else values.astype(object).where(values.notna(), "").to_numpy()
                )
    return pd.DataFrame(columns)


def _data(left: pd.DataFrame, right: pd.DataFrame, stated: Mapping[str, np.ndarray]) -> pd.DataFrame:
    parts = []
    for order, (name, mask) in enumerate(stated.items()):
        at = np.flatnonzero(mask)
        values = [one[name].astype(object).to_numpy()[at] for one in (left, right)]
        parts.append(
            pd.DataFrame({"pair": at, "order": order, "column": name, "old": values[0], "new": values[1]})
        )
    if not parts:
        return pd.DataFrame({"pair": np.array([], np.int64), "column": [], "old": [], "new": []})
    return pd.concat(parts, ignore_index=True).sort_values(
        ["pair", "order"], kind="stable", ignore_index=True
    )


def _counts(
    frames: tuple[pd.DataFrame, ...],
    found: Matching,
    lines: pd.DataFrame,
    bits: np.ndarray,
    evidence: Evidence,
) -> dict[str, int]:
    held = lines["bits"].to_numpy(np.int64)
    return {
        "old": len(frames[0]),
        "new_list": len(frames[1]),
        "matched": len(found.old),
        "by_name": int(found.by_name.sum()),
        **{kind: int(((held & bit(kind)) > 0).sum()) for kind in KINDS},
        "changed": int((bits > 0).sum()),
        "unchanged": int((bits == 0).sum()),
        "unchanged_row": int(((bits == 0) & evidence.row).sum()),
    }


def _leads(left: pd.DataFrame, right: pd.DataFrame) -> dict[tuple[str, str], int]:
    both = pd.DataFrame({"old": left["lead"].fillna(""), "new": right["lead"].fillna("")})
    counted = both[both["old"] != both["new"]].value_counts()
    return {(str(key[0]), str(key[1])): int(count) for key, count in counted.items()}  # type: ignore[index]


def _rules(cells: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    counted = cells.groupby(["rule_id", "outcome_old", "outcome_new"], observed=True).size()
    ranked = counted.sort_values(ascending=False, kind="stable")
    return {(str(key[0]), str(key[1]), str(key[2])): int(count) for key, count in ranked.items()}  # type: ignore[index]
