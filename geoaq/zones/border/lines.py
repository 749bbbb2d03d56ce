"""The province lines of one source of boundaries, ready to be asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.geodesy import LineIndex, build_lines
from geoaq.zones.border.derive import Edges, Floats, Lines, Pair, shared_edges

# What is said of an edge wherever boundaries are recorded.
EDGE_MEANING = "straight in lon/lat (RFC 7946)"


# A line of less than this share of its length in another source is not all there. Of the two shipped sources
# the shorter line has 0.57 of the longer or more (Guangdong–Macao: one of them draws it at sea too).
_ALL_THERE = 0.5


class Gap(NamedTuple):
    """A line between two provinces that is missing in whole or in part: its length here and elsewhere, km."""

    pair: Pair
    km: float
    elsewhere_km: float


class Parts(Protocol):
    """What a built set holds of one source: the facts of ``borders.json`` and two folders of an index."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what ``borders.json`` says."""

    @property
    def lines(self) -> Path:
        """Return the folder of the index of shared lines."""

    @property
    def coast(self) -> Path:
        """Return the folder of the index of coasts and national borders."""


@dataclass(frozen=True)
class Borders:
    """The lines that provinces share, and the coasts and national borders that count for nothing.

    Parameters
    ----------
    facts
        ``source name version sha256 edge_meaning pairs pair_km provinces length_km n_edges unmatched_near``:
        what every record of these boundaries states.
    index
        Shared lines; a group is a position in ``pairs``.
    coast
        Edges of one owner; a group is a position in ``provinces``.
    polygons, province_of
        The polygons that the lines come from (WGS 84) and the province of each, where they were given.
    """

    facts: Mapping[str, Any]
    index: LineIndex
    coast: LineIndex
    polygons: npt.NDArray[np.object_] | None = field(default=None, repr=False)
    province_of: npt.NDArray[np.object_] | None = field(default=None, repr=False)

    @classmethod
    def from_parts(cls, parts: Parts) -> Borders:
        """Return the borders of a built set (`geoaq.io.built.load_borders`)."""
        return cls(parts.facts, LineIndex.load(parts.lines), LineIndex.load(parts.coast))

    @classmethod
    def from_polygons(
        cls,
        polygons: npt.NDArray[np.object_],
        province_of: npt.ArrayLike,
        *,
        source: str,
        name: str,
        version: str,
        sha256: str,
    ) -> Borders:
        """Derive the borders from polygons of provinces, cities or counties.

        Parameters
        ----------
        polygons, province_of
            As in `geoaq.zones.border.derive.shared_edges`.
        source, name, version, sha256
            Who says so: a short word (``user``), the title, the release and the hash of the file.

        Raises
        ------
        InputError
            ``borders_none``, ``borders_overlap``: the polygons share no line, or overlap.
        """
        edges = shared_edges(polygons, province_of)
        facts = described(edges, source=source, name=name, version=version, sha256=sha256)
        return cls(facts, *indexed(edges), polygons, np.asarray(province_of, object))

    @property
    def source(self) -> str:
        """Return the short word of the source: ``amap``, ``tianditu``, ``user``."""
        return str(self.facts["source"])

    @property
    def name(self) -> str:
        """Return the title of the boundaries."""
        return str(self.facts["name"])

    @property
    def version(self) -> str:
        """Return their release."""
        return str(self.facts["version"])

    @property
    def sha256(self) -> str:
        """Return the hash of the file, or of the lines themselves where a package brings them."""
        return str(self.facts["sha256"])

    @property
    def provinces(self) -> tuple[str, ...]:
        """Return the codes of the provinces, in the order of the coast's groups."""
        return tuple(self.facts["provinces"])

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Return the two codes of each group of shared lines, ascending."""
        return tuple((str(a), str(b)) for a, b in self.facts["pairs"])

    def lines(self, group: int) -> Lines:
        """Return the pieces of one pair's line, at most 2 km long."""
        pieces = self.index.pieces
        of_pair = np.flatnonzero(pieces.group == group)
        ends = pieces.ends[of_pair]
        return Lines(ends[:, :2], ends[:, 2:], pieces.group[of_pair])

    def gaps(self, other: Borders) -> list[Gap]:
        """Return the lines that another source has and this one lacks, or has less than half of.

        Of two provinces that this source holds; polygons that overlap or leave a gap between them, and
        neighbours with different vertices, share no edge, and their line is not there.
        """
        own = dict(zip(self.pairs, self.facts["pair_km"], strict=True))
        return [
            Gap(pair, float(own.get(pair, 0.0)), float(km))
            for pair, km in zip(other.pairs, other.facts["pair_km"], strict=True)
            if set(pair) <= set(self.provinces) and own.get(pair, 0.0) < _ALL_THERE * km
        ]

    def locate(self, lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
        """Return the province of each point by the polygons given, the lowest code on a line, '' outside.

        Parameters
        ----------
        lon, lat
            Shape (n,), degrees, WGS 84.
        """
        if self.polygons is None or self.province_of is None:
            raise ValueError("these borders were loaded without their polygons: ask the counties")
        point, polygon = self._tree.query(shapely.points(lon, lat), predicate="intersects")
        found = np.full(len(lon), "", object)
        for k, code in sorted(
            zip(point.tolist(), self.province_of[polygon].tolist(), strict=True), reverse=True
        ):
            found[k] = code  # the lowest is written last and stays
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)


def indexed(edges: Edges) -> tuple[LineIndex, LineIndex]:
    """Return the index of shared lines and that of coasts."""

    def index(lines: Lines, n_groups: int) -> LineIndex:
        start, end = lines.start, lines.end
        return build_lines(start[:, 0], start[:, 1], end[:, 0], end[:, 1], lines.group, n_groups=n_groups)

    return index(edges.shared, len(edges.pairs)), index(edges.coast, len(edges.provinces))


def described(
    edges: Edges, *, source: str, name: str, version: str, sha256: str | None = None
) -> dict[str, Any]:
    """Return what is recorded of derived borders.

    Parameters
    ----------
    sha256
        Of the file that they come from; by default that of the shared edges themselves.
    """
    digest = hashlib.sha256(json.dumps(edges.pairs).encode())
    for part in edges.shared:
        digest.update(np.ascontiguousarray(part).tobytes())
    report = edges.report
    return {
        "source": source,
        "name": name,
        "version": version,
        "sha256": sha256 or digest.hexdigest(),
        "edge_meaning": EDGE_MEANING,
        "pairs": [list(pair) for pair in edges.pairs],
        "pair_km": [round(km, 3) for km in report["pair_km"]],
        "provinces": list(edges.provinces),
        "length_km": round(report["length_km"], 3),
        "n_edges": report["edges"],
        "coast_km": round(report["coast_km"], 3),
        "coast_edges": report["coast_edges"],
        "degenerate": report["degenerate"],
        "snap_m": report["snap_m"],
        "unmatched_near": report["unmatched_near"],
    }
