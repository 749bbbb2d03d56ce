"""Cells of the columns that are added to the office's own, read from the subjects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

Value = str | float | None


def place_text(parts: Sequence[str]) -> str:
    """Return province, prefecture and county, a name said twice only once.

    Examples
    --------
    >>> place_text(["上海市", "上海市", "浦东新区"])
    '上海市浦东新区'
    """
    return "".join(dict.fromkeys(part for part in parts if part))


def texts(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column of words; blank where it is missing."""
    if name not in frame.columns:
        return [""] * len(frame)
    values = frame[name]
    found: list[str] = values.astype(object).where(values.notna(), "").tolist()
    return found


def numbers(frame: pd.DataFrame, name: str, digits: int) -> list[Value]:
    """Return a column of numbers, rounded; None where one is not known or the column is missing."""
    if name not in frame.columns:
        return [None] * len(frame)
    values = frame[name].to_numpy(dtype=float, na_value=np.nan)
    rounded = (np.round(values, digits) + 0.0).tolist()
    return [number if known else None for number, known in zip(rounded, np.isfinite(values), strict=True)]
