"""Which provinces a subject may stand in, as far as borders are concerned.

A position nearer to a line than its own error, or one that two sources place differently, may stand on either
side, unless its row states the place that the deciding source finds; a site whose outline crosses a line
surely stands in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import TRUE
from geoaq.zones.border.derive import Floats, Pair
from geoaq.zones.border.measure import Bools


class Homes(NamedTuple):
    """Provinces by subject.

    Attributes
    ----------
    codes
        The provinces, in the order of the columns below.
    sure, maybe
        Shape (n, provinces), bool: provinces that the subject surely stands in; those that it may stand in,
        where that is open (then ``sure`` is empty).
    across
        Shape (n,): the site's outline crosses a province line, or its parts lie in two provinces.
    """

    codes: npt.NDArray[np.str_]
    sure: Bools
    maybe: Bools
    across: Bools

    @property
    def possible(self) -> Bools:
        """Return every province in question, shape (n, provinces)."""
        return np.asarray(self.sure | self.maybe, np.bool_)

    @property
    def unsure(self) -> Bools:
        """Return which subjects may stand in another province, shape (n,)."""
        return np.asarray(self.maybe.any(axis=1), np.bool_)

    def position(self, code: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Return the column of province codes."""
        return np.searchsorted(self.codes, np.asarray(code, str))


def find_homes(
    subjects: pd.DataFrame,
    known: Sequence[str],
    hits: pd.DataFrame,
    pairs: Sequence[Pair],
    is_site: Bools,
    in_parts: Sequence[tuple[int, str]] = (),
) -> Homes:
    """Say in which provinces each subject stands, or may stand.

    Parameters
    ----------
    subjects
        ``province_adcode`` ('' outside), ``alternatives`` (codes of any level joined by ';'), ``u_m``, and
        ``stated_ok`` where rows state their place: TRUE settles the side, as the map and the row agree.
    known
        Codes of the provinces of the boundaries.
    hits
        The lines near each subject: ``subject group distance_m``.
    pairs
        The provinces of each group.
    is_site
        Which subjects are measured from an outline: at distance 0 they cross the line.
    in_parts
        Subjects with the province of each part of their outline, where it has several.
    """
    stated = subjects["province_adcode"].astype(object).fillna("").to_numpy(object)
    others = subjects["alternatives"].astype(object).fillna("").to_numpy(object)
    also = [
        (row, f"{code[:2]}0000") for row, codes in enumerate(others) if codes for code in codes.split(";")
    ]
    named = (code for _, code in (*also, *in_parts))
    codes = np.unique([*known, *(code for code in stated if code), *named])
    home = np.zeros((len(subjects), len(codes)), np.bool_)
    rows = np.flatnonzero(stated != "")
    home[rows, np.searchsorted(codes, stated[rows].astype(str))] = True
    possible = home.copy()
    for row, code in also:
        possible[row, np.searchsorted(codes, code)] = True

    subject, distance = hits["subject"].to_numpy(np.int64), hits["distance_m"].to_numpy(np.float64)
    ends = np.searchsorted(codes, np.array(pairs, str).reshape(-1, 2))[hits["group"].to_numpy(np.int64)]
    crossed = (distance == 0.0) & is_site[subject]
    across = np.zeros(len(subjects), np.bool_)
    across[subject[crossed]] = True
    for row, code in in_parts:
        across[row] |= code != stated[row]
        home[row, np.searchsorted(codes, code)] = True
    u_m: Floats = subjects["u_m"].to_numpy(np.float64)
    near = (distance <= u_m[subject]) & ~crossed
    near &= home[subject, ends[:, 0]] | home[subject, ends[:, 1]]
    for side in (0, 1):
        home[subject[crossed], ends[crossed, side]] = True
        possible[subject[near], ends[near, side]] = True
    open_ = (possible & ~home).any(axis=1) & ~across
    if "stated_ok" in subjects:
        open_ &= subjects["stated_ok"].to_numpy() != TRUE
    return Homes(codes, home & ~open_[:, None], possible & open_[:, None], across)
