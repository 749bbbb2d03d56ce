"""Frames of detections made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from geoaq.frames import FIRE_PIXELS, NRT, IssueLog, fire_keys

# 2024-03-01 00:00 UTC
DAY0 = 19_783 * 86_400
UNKNOWN: dict[str, Any] = {
    "satellite": "snpp", "kind": "satellite", "acquired": DAY0, "lon": 116.0, "lat": 33.0, "scan_km": np.nan,
    "track_km": np.nan, "t4_k": np.nan, "t11_k": np.nan, "frp_mw": np.nan, "confidence": -1,
    "confidence_pct": -1, "daynight": -1, "fire_type": -1, "level": NRT, "saturated": False, "number": "",
    "deadline": -1,
}  # fmt: skip


def fires(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a frame of `FIRE_PIXELS` with the stated values, the rest as a reader leaves it unstated."""
    whole = pd.DataFrame([{**UNKNOWN, **row} for row in rows], columns=list(UNKNOWN))
    whole = whole.astype({name: dtype for name, dtype in FIRE_PIXELS.dtypes.items() if name != "key"})
    keys = fire_keys(
        whole["satellite"],
        whole["acquired"].to_numpy(),
        whole["lon"].to_numpy(),
        whole["lat"].to_numpy(),
    )
    return whole.assign(key=keys)[list(FIRE_PIXELS.dtypes)]


@dataclass(frozen=True)
class Given:
    """What a reader hands over."""

    frame: pd.DataFrame
    extra: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"key": [], "data": []}))
    issues: IssueLog = field(default_factory=IssueLog)


def given(*frames: pd.DataFrame) -> Any:
    """Return what the store asks for its rows."""
    return lambda: [Given(frame) for frame in frames]


def silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""


def about(sha256: str) -> dict[str, Any]:
    """Return what is said of a list."""
    return {
        "sha256": sha256.ljust(64, "0"), "name": f"{sha256}.csv", "source": "FIRMS", "fetched_at": DAY0,
        "progress": silent,
    }  # fmt: skip


def as_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values in the order of their keys; unknown numbers are None."""
    plain = frame.astype({"satellite": str, "kind": str, "number": str}).astype(object)
    records = plain.where(plain.notna(), None).to_dict("records")
    return sorted(records, key=lambda row: (row["key"], row["number"]))


def in_pieces(frame: pd.DataFrame, cuts: Sequence[int]) -> Iterable[pd.DataFrame]:
    """Return the frame cut at places."""
    at = [0, *sorted(cuts), len(frame)]
    for first, end in pairwise(at):
        yield frame.iloc[first:end].reset_index(drop=True)
