"""Short pieces of lines that are straight in longitude and latitude, and how far they stray from chords.

An edge of a boundary is what RFC 7946 says of a GeoJSON line: straight in degrees, neither a geodesic nor a
chord (on one edge of the Chinese provinces the two lie 252 m apart). `cut` divides edges into pieces of at
most 2 km and of at most a thousandth of a radian; along a piece longitude and latitude run linearly with τ ∈
[-½, ½], and p(τ) is its earth-centred position.

What is proved of a piece
-------------------------
Let R = a²/b, the widest radius of curvature, and Δφ, Δλ the extent in radians. The second derivatives of the
position are at most R in length (M and N do not exceed R, and the change of M adds 5e-5 of it), that by
longitude alone at most R·cos φ. So, with φ the latitude of the piece nearest to the equator::

    |p″| ≤ 1.0001·R·(Δφ² + 2|ΔφΔλ| + cos φ·Δλ²)

* *Chord*: linear interpolation of p errs by at most max|p″|/8 (true of every component along a fixed unit
  vector, hence of the length). At equal τ, curve and chord are therefore no farther apart than
  ``sagitta`` = |p″|/8 + 1 µm, and so the distance of any place from the curve and from the chord differ by no
  more than that (0.13 m for 2 km at 53°N).
* *Ball*: p(τ) lies within |p″|/8 of the chord, the chord's points within half its length of its middle, the
  chord's middle within |p″|/8 of p(0). The whole piece lies within ``half`` = chord/2 + 2·sagitta of p(0).
* *Cubic*: p is replaced by the cubic through τ = -½, -⅙, ⅙, ½. With fourth derivatives of at most
  1.1·a·(|Δφ| + |Δλ|)⁴ the remainder is at most that over 24·81: 4 nm. No sine is needed when a foot is
  sought.
* *Foot*: along a piece the squared chord from a place is convex while the place is nearer than |p′|²/|p″|.
  That is R over the greater eigenvalue of ((1, tan φ), (tan φ, 1/cos φ)): 340 km at 85° of latitude, 2,300 km
  at 53°. Newton's step, held inside the piece, therefore finds the one foot of each piece within 100 km.
* *Chord or geodesic*: no point of a line has a shorter chord than the foot has; by the two bounds of
  `geoaq.geodesy.ellipsoid` its geodesic is longer than the shortest one by c³(1/r² - 1/R²)/24 at most:
  0.17 mm at 20 km, 0.33 mm at 25 km. That is the bound on the worst ellipsoid; since s - c hardly changes
  along a piece (2e-8 at 30 km), the foot moves by less than a millimetre and the distance by less than 1 nm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Floats, arc_of_chord, earth_centred

Groups = npt.NDArray[np.int16]

PIECE_M = 2_000.0
PIECE_RADIANS = 1e-3
SHORTEST_M = 1e-6  # below, the ends of an edge cannot be told apart in metres of the Earth
MOST_LATITUDE = 85.0

_WIDE = SEMI_MAJOR_M**2 / SEMI_MINOR_M
_NODES = np.array([-0.5, -1.0 / 6.0, 1.0 / 6.0, 0.5])
NEWTON_STEPS = 5


class Pieces(NamedTuple):
    """Pieces of lines, in the order of the edges given.

    Attributes
    ----------
    ends
        Shape (n, 4), degrees: longitude and latitude of the start, then of the end.
    group
        Shape (n,), int16 in an index: to which line the piece belongs.
    curve
        Shape (n, 4, 3), metres: the cubic's coefficients of τ⁰ … τ³, earth-centred.
    chord
        Shape (n, 7), metres: start of the chord, its way to the end, and the piece's ``sagitta``.
    middle
        Shape (n, 3), metres: p(0).
    half
        Shape (n,), metres: radius of a ball about the middle that holds the piece.
    """

    ends: Floats
    group: Groups
    curve: Floats
    chord: Floats
    middle: Floats
    half: Floats


def cut(ends: Floats, group: Groups, *, piece_m: float = PIECE_M) -> Pieces:
    """Cut edges into short pieces; edges shorter than a micrometre are dropped.

    Parameters
    ----------
    ends
        Shape (n, 4), degrees: start and end of edges.
    group
        Shape (n,): the line of each edge.
    piece_m
        Longest piece, metres.

    Raises
    ------
    InputError
        ``edge_out_of_range`` for the first edge beyond 85° of latitude or longer than 180° of longitude.
    """
    wrong = (np.abs(ends[:, [1, 3]]) > MOST_LATITUDE).any(1) | (np.abs(ends[:, 2] - ends[:, 0]) > 180.0)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise InputError(
            "edge_out_of_range", index=first, lon=float(ends[first, 0]), lat=float(ends[first, 1])
        )
    extent = np.radians(np.abs(ends[:, 2:] - ends[:, :2]))
    # N cos φ and M never exceed R·cos φ at the least latitude and R: no piece is longer.
    length = np.hypot(extent[:, 0] * np.cos(np.radians(_least_latitude(ends))), extent[:, 1]) * _WIDE
    there = length > SHORTEST_M
    ends, group, extent, length = ends[there], group[there], extent[there], length[there]
    number = np.ceil(np.maximum(length / piece_m, extent.sum(1) / PIECE_RADIANS)).astype(np.int64)
    number = np.maximum(number, 1)
    edge = np.repeat(np.arange(len(ends)), number)
    step = np.arange(edge.size) - np.repeat(np.cumsum(number) - number, number)
    start = _between(ends[edge], step / number[edge])
    end = _between(ends[edge], (step + 1) / number[edge])
    return _measured(np.column_stack([start, end]), group[edge])


def _least_latitude(ends: Floats) -> Floats:
    lowest: Floats = np.abs(ends[:, [1, 3]]).min(1)
    return np.where(ends[:, 1] * ends[:, 3] <= 0.0, 0.0, lowest)


def _between(ends: Floats, part: Floats) -> Floats:
    # The ends themselves come out to the last bit, so that pieces and edges meet.
    share = part[:, None]
    return (1.0 - share) * ends[:, :2] + share * ends[:, 2:]


def _measured(ends: Floats, group: Groups) -> Pieces:
    nodes = []
    for node in _NODES:
        place = _between(ends, np.full(len(ends), node + 0.5))
        nodes.append(earth_centred(place[:, 0], place[:, 1]))
    weights = np.linalg.inv(np.vander(_NODES, increasing=True))
    origin = nodes[0]
    offsets = np.stack([node - origin for node in nodes], 1)
    curve = np.einsum("kj,njc->nkc", weights, offsets)
    curve[:, 0] += origin
    way = nodes[3] - origin
    extent = np.radians(np.abs(ends[:, 2:] - ends[:, :2]))
    flat, high = extent[:, 0], extent[:, 1]
    cosine = np.cos(np.radians(_least_latitude(ends)))
    bend = 1.0001 * _WIDE * (high**2 + 2.0 * high * flat + cosine * flat**2)
    sagitta = bend / 8.0 + 1e-6
    half = 0.5 * np.sqrt((way**2).sum(1)) + 2.0 * sagitta
    middle = np.ascontiguousarray(curve[:, 0])
    return Pieces(ends, group, curve, np.column_stack([origin, way, sagitta]), middle, half)


def off_chord(chord: Floats, index: npt.NDArray[np.int64], where: Floats) -> tuple[Floats, Floats]:
    """Return the distance of places, shape (k, 3), from chords (or axes) ``index``, and its slack, metres.

    Parameters
    ----------
    chord
        Shape (n, 7): start, way to the end, and how far curve and chord may be apart, `Pieces.chord`.
    """
    row = chord[index]
    start, way = where - row[:, :3], row[:, 3:6]
    share = np.clip((start * way).sum(1) / (way * way).sum(1), 0.0, 1.0)
    off = start - share[:, None] * way
    return np.sqrt((off * off).sum(1)), row[:, 6]


def feet(pieces: Pieces, index: npt.NDArray[np.int64], where: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the feet of places on pieces, by Newton's method on the curve itself.

    Parameters
    ----------
    index
        Shape (k,): a piece for each place.
    where
        Shape (k, 3), metres, earth-centred.

    Returns
    -------
    share : float64 array
        Shape (k,), 0…1 along the piece.
    foot : float64 array
        Shape (k, 3), metres, earth-centred.
    distance_m : float64 array
        Shape (k,), the geodesic by the closed form: exact up to 100 km, see `geoaq.geodesy.ellipsoid`.
    """
    curve = pieces.curve[index]
    off, first, second, third = curve[:, 0] - where, curve[:, 1], curve[:, 2], curve[:, 3]
    t = np.clip(-(off * first).sum(1) / (first * first).sum(1), -0.5, 0.5)
    for _ in range(NEWTON_STEPS):
        s = t[:, None]
        away = off + s * (first + s * (second + s * third))
        along = first + s * (2.0 * second + s * (3.0 * third))
        turn = 2.0 * second + s * (6.0 * third)
        square = (along * along).sum(1)
        # Beyond the radius of curvature the step of a straight line is the safe one.
        steep = np.maximum(square + (away * turn).sum(1), 0.25 * square)
        t = np.clip(t - (away * along).sum(1) / steep, -0.5, 0.5)
    s = t[:, None]
    foot = curve[:, 0] + s * (first + s * (second + s * third))
    return t + 0.5, foot, arc_of_chord(where, foot)


def place_on(pieces: Pieces, index: npt.NDArray[np.int64], share: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude, degrees, at a share (0…1) of pieces."""
    place = _between(pieces.ends[index], share)
    return place[:, 0], place[:, 1]


def bearing(lon: Floats, lat: Floats, where: Floats, foot: Floats) -> Floats:
    """Return the bearing at points towards feet, degrees clockwise from north, 0 ≤ bearing < 360.

    It is that of the normal section, which up to 100 km differs from the geodesic's by less than 1e-5°. For a
    foot at the point itself it is 0.
    """
    way, x, y = foot - where, np.radians(lon), np.radians(lat)
    east = -np.sin(x) * way[:, 0] + np.cos(x) * way[:, 1]
    outward = np.cos(x) * way[:, 0] + np.sin(x) * way[:, 1]
    north = np.cos(y) * way[:, 2] - np.sin(y) * outward
    degrees = np.degrees(np.arctan2(east, north))
    turned = np.where(degrees < 0.0, degrees + 360.0, degrees)
    return np.where((way == 0.0).all(1) | (turned >= 360.0), 0.0, turned)
