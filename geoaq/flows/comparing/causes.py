"""Why a subject changed: everything that differs between the runs, and what its own measurement shows.

The same input gives the same bytes, so where the two runs differ in one thing only, that thing is the cause.
Where they differ in several, all are told, and one is named as decisive only by evidence that the folders
hold: a measured value that moved though the row stands where it stood, a limit that is another one, a reason
that came or went, a rule that is in force on one of the days. Without evidence it stays at "may be".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.flows.comparing.changes import Bits, bit
from geoaq.flows.comparing.inputs import CAUSES, Difference
from geoaq.report.summary import Summary

Mask = npt.NDArray[np.bool_]
_OF_PLANTS = ("chp_status", "chp_list_not_declared", "chp_capacity_missing")
_REACH = {
    "anchors.parquet": ["plant_id", "lon", "lat", "installed_mw", "confirmed", "truth"],
    "consultees.parquet": ["home", "neighbour", "kind", "truth", "foot_lon", "foot_lat"],
}


def cause_bit(cause: str) -> int:
    """Return the bit of one of `CAUSES`."""
    return 1 << CAUSES.index(cause)


@dataclass(frozen=True)
class Evidence:
    """What is known of each pair that changed.

    Attributes
    ----------
    stays
        The row states the same position.
    row
        The row states something else.
    reach
        What lies in its reach (plants, province lines) is not the same.
    place
        It lies in another county.
    """

    stays: Mask
    row: Mask
    reach: Mask
    place: Mask


def why(
    bits: Bits, cells: pd.DataFrame, found: Evidence, runs: Sequence[Difference], old: Summary, new: Summary
) -> tuple[Bits, Bits]:
    """Return for each pair the bits of all that differs, and of what is shown to have decided.

    Parameters
    ----------
    bits
        What changed (`geoaq.flows.comparing.changes.KINDS`); 0: nothing did.
    cells
        Its rules, as of `geoaq.flows.comparing.changes.rule_cells`.
    found
        What is known of each pair.
    runs
        In what the runs differ.
    old, new
        The two summaries.
    """
    of_runs = {one.cause for one in runs}
    differs = np.zeros(len(bits), np.int32)
    for cause in of_runs - {"columns"}:
        differs |= cause_bit(cause)
    differs |= np.where(found.row, cause_bit("data"), 0).astype(np.int32)
    if "columns" in of_runs:
        differs |= np.where(found.row, 0, cause_bit("columns")).astype(np.int32)
    shown = _by_measurement(bits, found, of_runs)
    # When only a time limit passed, neither the row nor what lies near can be why.
    day = differs & (cause_bit("as_of") | cause_bit("policy"))
    shown |= np.where((bits == bit("timing")) & (day & (day - 1) == 0), day, 0)
    if len(cells):
        pair = cells["pair"].to_numpy(np.int64)
        np.bitwise_or.at(shown, pair, _by_rule(cells, found, of_runs, old, new))
    single = (differs & (differs - 1)) == 0
    shown = np.where(single, differs, shown & differs)
    changed = bits > 0
    return np.where(changed, differs, 0).astype(np.int32), np.where(changed, shown, 0).astype(np.int32)


def _by_measurement(bits: Bits, found: Evidence, runs: set[str]) -> Bits:
    """Return what the distance and the place of a subject show."""
    shown = np.zeros(len(bits), np.int32)
    moved = (bits & (bit("distance") | bit("consultees"))) > 0
    near = "boundary" if "boundary" in runs and "plants" not in runs else "plants"
    if runs & {"plants", "boundary"}:
        shown |= np.where(moved & found.stays & found.reach, cause_bit(near), 0).astype(np.int32)
    else:
        shown |= np.where(moved & ~found.stays, cause_bit("data"), 0).astype(np.int32)
    if "boundary" in runs:
        shown |= np.where(found.place & found.stays, cause_bit("boundary"), 0).astype(np.int32)
    else:
        shown |= np.where(found.place & ~found.stays, cause_bit("data"), 0).astype(np.int32)
    return shown


def _by_rule(cells: pd.DataFrame, found: Evidence, runs: set[str], old: Summary, new: Summary) -> Bits:
    """Return for each rule what its numbers, its reasons and its being in force show."""
    pair = cells["pair"].to_numpy(np.int64)
    stays, row = found.stays[pair], found.row[pair]
    shown = np.zeros(len(cells), np.int32)

    def show(where: Mask, cause: str) -> None:
        np.bitwise_or(shown, np.where(where, cause_bit(cause), 0).astype(np.int32), out=shown)

    differs = cells["differs"].to_numpy(bool)
    if len(runs & {"as_of", "policy"}) == 1:
        show(~differs, next(iter(runs & {"as_of", "policy"})))
    both = (cells["outcome_old"] != "").to_numpy() & (cells["outcome_new"] != "").to_numpy()
    measured = [cells[f"measured_{side}"].to_numpy(float) for side in ("old", "new")]
    limits = [cells[f"limit_{side}"].to_numpy(float) for side in ("old", "new")]
    with np.errstate(invalid="ignore"):
        same = (np.abs(measured[0] - measured[1]) <= 1e-9) & both
        other = (np.abs(measured[0] - measured[1]) > 1e-9) & both & differs
        show(same & differs & (np.abs(limits[0] - limits[1]) > 1e-9), "policy")
    quantity = cells["quantity_new"].to_numpy()
    far = quantity == "distance_km"
    show(other & ~far & row, "data")
    for cause in ("plants", "boundary"):
        if cause in runs and len(runs & {"plants", "boundary"}) == 1:
            show(other & far & stays & found.reach[pair], cause)
    if not runs & {"plants", "boundary"}:
        show(other & far & ~stays, "data")

    reasons = _reason_shifts(cells)
    show(differs & reasons["layer"], "layers")
    show(differs & reasons["plants"] & stays, "plants")
    show(differs & reasons["attribute"] & row, "data")
    show(differs & reasons["attribute"] & ~row, "columns")

    only_one = differs & ~both & ~found.place[pair]
    if "policy" not in runs:
        kept_out = {one.rule_id for one in (*old.rules_not_in_force, *new.rules_not_in_force)}
        show(only_one & cells["rule_id"].isin(kept_out).to_numpy(), "as_of")
    elif "as_of" not in runs:
        show(only_one, "policy")
    return shown


def _reason_shifts(cells: pd.DataFrame) -> dict[str, Mask]:
    """Say of each rule whether a reason about a layer, the plants or an attribute came or went."""
    pairs = list(zip(cells["reasons_old"], cells["reasons_new"], strict=True))
    known: dict[tuple[str, str], tuple[bool, bool, bool]] = {}
    for one in dict.fromkeys(pairs):
        shifted = set(str(one[0]).split(";")) ^ set(str(one[1]).split(";"))
        known[one] = (
            any(reason.startswith(("missing_layer:", "stated_")) for reason in shifted),
            any(reason in _OF_PLANTS for reason in shifted),
            any(reason.startswith("missing_attribute") for reason in shifted),
        )
    told = np.array([known[one] for one in pairs], bool).reshape(-1, 3)
    return {"layer": told[:, 0], "plants": told[:, 1], "attribute": told[:, 2]}


def reach_differs(folders: tuple[Path, Path], rows: tuple[pd.DataFrame, pd.DataFrame]) -> Mask:
    """Say of each pair whether what lies in its reach is not the same; where neither keeps it: no."""
    prints = [_reach_prints(folder, pairs) for folder, pairs in zip(folders, rows, strict=True)]
    return np.asarray(prints[0] != prints[1])


def _reach_prints(folder: Path, pairs: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """Return one number a pair for the set of what lies in its reach."""
    import pyarrow.parquet as pq

    prints = np.zeros(len(pairs), np.uint64)
    name = next((one for one in _REACH if (folder / one).is_file()), None)
    if name is None or not len(pairs):
        return prints
    frame = pq.read_table(folder / name, columns=["row", "part", *_REACH[name]]).to_pandas()
    for column in frame.columns:
        if frame[column].dtype.kind == "f":
            frame[column] = frame[column].round(5)
    index = pd.MultiIndex.from_frame(pairs[["row", "part"]])
    place = index.get_indexer(pd.MultiIndex.from_frame(frame[["row", "part"]]))
    hashes = pd.util.hash_pandas_object(frame[_REACH[name]], index=False).to_numpy(np.uint64)
    np.add.at(prints, place[place >= 0], hashes[place >= 0])
    return prints


def cause_counts(differs: Bits, shown: Bits) -> Mapping[str, dict[str, int]]:
    """Return by cause how many subjects it is shown to have changed (``shown``), or may have (``maybe``)."""
    return {
        cause: {
            "shown": int(((shown & cause_bit(cause)) > 0).sum()),
            "maybe": int((((differs & ~shown) & cause_bit(cause)) > 0)[shown == 0].sum()),
        }
        for cause in CAUSES
        if ((differs & cause_bit(cause)) > 0).any()
    }
