"""Which subject of one screening is which of the other.

By the office's own number or the content key (`geoaq.io.lists.identity`) and the part. A content key holds
the coordinates and the capacity, so a row whose position was mended has another one: what is left over is
matched by its name, where that stands once on either side, and is marked so. What stands several times and
cannot be told apart is not matched, and counted by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.int64]
_KEYED = "k-"
_EXACT = ("name", "lon", "lat", "capacity_text", "capacity_mw", "industry_code")


@dataclass(frozen=True)
class Matching:
    """Positions in the two tables of subjects.

    Attributes
    ----------
    old, new
        Of the pairs, in the order of the new list.
    by_name
        Pairs that were found by the name alone.
    gone, added
        Subjects of the old list that the new one does not have, and the other way round.
    lost, unclear
        Subjects of the old and of the new list that could not be told apart.
    """

    old: Positions
    new: Positions
    by_name: npt.NDArray[np.bool_]
    gone: Positions
    added: Positions
    lost: Positions
    unclear: Positions


def match(old: pd.DataFrame, new: pd.DataFrame) -> Matching:
    """Return which rows of ``old`` and ``new`` (tables of subjects of one kind) are the same subject."""
    keys = [_text(one, "subject_id") + "\x1f" + one["part"].astype(str) for one in (old, new)]
    twice = set(keys[0][keys[0].duplicated(keep=False)]) | set(keys[1][keys[1].duplicated(keep=False)])
    single = [~one.isin(twice).to_numpy() for one in keys]
    pairs = [_once(keys[0], keys[1], single[0], single[1])]

    exact = [keys[at] + "\x1f" + _joined(one) for at, one in enumerate((old, new))]
    pairs.append(_once(exact[0], exact[1], ~single[0], ~single[1]))

    free = [_free(len(one), [pair[at] for pair in pairs]) for at, one in enumerate((old, new))]
    keyed = [_text(one, "subject_id").str.startswith(_KEYED).to_numpy(bool) for one in (old, new)]
    names = [_text(one, "name") + "\x1f" + one["part"].astype(str) for one in (old, new)]
    named = [(_text(one, "name") != "").to_numpy() & free[at] for at, one in enumerate((old, new))]
    # Two numbers that an office gave out and that differ are two subjects, whatever their names.
    left, right = _once(names[0], names[1], named[0] & single[0], named[1] & single[1])
    sure = keyed[0][left] | keyed[1][right]
    left, right = left[sure], right[sure]

    joined = [np.concatenate([pair[at] for pair in pairs] + [(left, right)[at]]) for at in (0, 1)]
    by_name = np.zeros(len(joined[0]), bool)
    by_name[len(joined[0]) - len(left) :] = True
    free = [_free(len(one), [joined[at]]) for at, one in enumerate((old, new))]
    doubtful = []
    for at in (0, 1):
        namesakes = names[at].isin(set(names[1 - at][named[1 - at] & free[1 - at]])).to_numpy()
        doubtful.append(free[at] & (~single[at] | (keyed[at] & named[at] & namesakes)))
    order = np.argsort(joined[1], kind="stable")
    return Matching(
        old=joined[0][order],
        new=joined[1][order],
        by_name=by_name[order],
        gone=np.flatnonzero(free[0] & ~doubtful[0]),
        added=np.flatnonzero(free[1] & ~doubtful[1]),
        lost=np.flatnonzero(doubtful[0]),
        unclear=np.flatnonzero(doubtful[1]),
    )


def _once(
    old: pd.Series, new: pd.Series, old_of: npt.NDArray[np.bool_], new_of: npt.NDArray[np.bool_]
) -> tuple[Positions, Positions]:
    """Return the pairs whose key stands exactly once on either side, among the rows that are asked for."""
    at = [np.flatnonzero(old_of), np.flatnonzero(new_of)]
    keys = [old.to_numpy()[at[0]], new.to_numpy()[at[1]]]
    frames = [pd.Series(at[side], index=keys[side]) for side in (0, 1)]
    frames = [one[~one.index.duplicated(keep=False)] for one in frames]
    found = frames[0].index.get_indexer(frames[1].index)
    hit = found >= 0
    return (
        frames[0].to_numpy(np.int64)[found[hit]],
        frames[1].to_numpy(np.int64)[hit],
    )


def _free(size: int, taken: list[Positions]) -> npt.NDArray[np.bool_]:
    free = np.ones(size, bool)
    for positions in taken:
        free[positions] = False
    return free


def _joined(frame: pd.DataFrame) -> pd.Series:
    """Return what tells two rows of one number apart, as one text."""
    joined = pd.Series("", index=frame.index)
    for name in _EXACT:
        if name in frame.columns:
            values = frame[name]
            text = values.round(6).astype(str) if values.dtype.kind == "f" else _text(frame, name)
            joined = joined + "\x1f" + text
    return joined


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].astype(object).where(frame[name].notna(), "").astype(str)
