"""How far each subject is from lines: a point from where it stands, a site from its nearest part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.geodesy import (
    LineHits,
    LineIndex,
    lines_within,
    nearest_of_groups,
    nearest_to_sites,
    sites_within,
)
from geoaq.zones.border.derive import Floats

Sites = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
# The code of the province of each point (lon, lat, shape (n,)), '' for none.
ProvinceOf = Callable[[Floats, Floats], npt.NDArray[np.object_]]


class Places:
    """Subjects as they are measured: points, and sites where the outline is known.

    Parameters
    ----------
    lon, lat
        Shape (n,), degrees, WGS 84.
    sites
        Shape (n,): the outline of a site (WGS 84) or None; None if there are only points.
    """

    def __init__(self, lon: Floats, lat: Floats, sites: Sites | None) -> None:
        self.lon, self.lat = lon, lat
        self.sites = np.full(len(lon), None, object) if sites is None else sites
        self.is_site: Bools = np.array([site is not None for site in self.sites], np.bool_)

    def within(self, index: LineIndex, reach_m: Floats) -> pd.DataFrame:
        """Return for every subject the nearest point of every line within its own reach (metres).

        Subjects of like reach are searched together: one vague position must not widen the search for all.
        """
        parts = [_frame(lines_within(index, [], [], reach_m=0.0), np.empty(0, np.int64))]
        step = np.ceil(np.log2(np.maximum(reach_m, 1.0) / max(float(reach_m.min(initial=np.inf)), 1.0)))
        for one in np.unique(step).tolist():
            for as_site in (False, True):
                rows = np.flatnonzero((step == one) & (self.is_site == as_site))
                if not len(rows):
                    continue
                reach = float(reach_m[rows].max())
                if as_site:
                    hits = sites_within(index, self.sites[rows], reach_m=reach)
                else:
                    hits = lines_within(index, self.lon[rows], self.lat[rows], reach_m=reach)
                parts.append(_frame(hits, rows))
        found = _joined(parts)
        return found[found["distance_m"].to_numpy() <= reach_m[found["subject"]]].reset_index(drop=True)

    def in_parts(self, province_of: ProvinceOf | None) -> list[tuple[int, str]]:
        """Return (subject, province) for every part of the sites that have several, by a point inside it.

        Parts may lie in two provinces although none of them meets the line.
        """
        import shapely

        several = np.flatnonzero(self.is_site & (shapely.get_num_geometries(self.sites) > 1))
        if province_of is None or not several.size:
            return []
        parts, of = shapely.get_parts(self.sites[several], return_index=True)
        x, y = shapely.get_coordinates(shapely.point_on_surface(parts)).T
        codes = province_of(x, y).tolist()
        return [(row, code) for row, code in zip(several[of].tolist(), codes, strict=True) if code]

    def nearest(
        self, index: LineIndex, rows: npt.NDArray[np.int64], wanted: Bools, of_class: npt.NDArray[np.int64]
    ) -> pd.DataFrame:
        """Return the nearest line of some subjects at any distance, among those that their class may take.

        Parameters
        ----------
        rows
            Which subjects (one may stand there several times); ``subject`` in the result is a position in it.
        wanted
            Shape (n_classes, n_groups).
        of_class
            Shape of ``rows``.
        """
        parts = []
        for as_site in (False, True):
            asked = np.flatnonzero(self.is_site[rows] == as_site)
            at, classes = rows[asked], of_class[asked]
            if as_site:
                hits = nearest_to_sites(index, self.sites[at], wanted=wanted, of_class=classes)
            else:
                hits = nearest_of_groups(index, self.lon[at], self.lat[at], wanted=wanted, of_class=classes)
            parts.append(_frame(hits, asked))
        return _joined(parts)


def _frame(hits: LineHits, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return hits as a frame, ``subject`` replaced by its place in the whole list."""
    frame = pd.DataFrame(hits._asdict())
    frame["subject"] = rows[hits.subject].astype(np.int64)
    return frame


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(["subject", "distance_m", "group"], kind="stable", ignore_index=True)
