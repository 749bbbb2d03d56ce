"""Other ways to join fire pixels within 1 km and 24 h, as somebody who knows the library would write them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from geoaq.fires.events import EventRule, cluster
from geoaq.geodesy.ellipsoid import arc_of_chord, chord_ceiling, earth_centred

GEOD = Geod(ellps="WGS84")
Labels = npt.NDArray[np.int32]
EARTH_M = 6_335_000.0  # below every radius of curvature: an arc on this sphere is never too short a search


def ours(pixels: pd.DataFrame, rule: EventRule) -> Labels:
    return cluster(pixels, rule=rule)


def numbered(graph: object) -> Labels:
    from scipy.sparse.csgraph import connected_components

    return pd.factorize(connected_components(graph, directed=False)[1])[0].astype(np.int32)


def graph_of(i: npt.NDArray[np.intp], j: npt.NDArray[np.intp], n: int) -> object:
    from scipy.sparse import coo_array

    return coo_array((np.ones(len(i), np.int8), (i, j)), shape=(n, n)).tocsr()


def kd4(pixels: pd.DataFrame, rule: EventRule) -> Labels:
    """A tree of x, y, z and time in units of the rule, Chebyshev; chords, then ``Geod`` near the limit."""
    from scipy.spatial import cKDTree

    xyz = earth_centred(pixels["lon"].to_numpy(), pixels["lat"].to_numpy())
    time = (pixels["acquired"] - pixels["acquired"].min()).to_numpy()
    chord = chord_ceiling(rule.distance_m)
    tree = cKDTree(np.column_stack([xyz / chord, time / rule.window_s]))
    i, j = tree.query_pairs(1.0 + 1e-9, p=np.inf, output_type="ndarray").T
    near = np.abs(time[i] - time[j]) <= rule.window_s
    square = ((xyz[i] - xyz[j]) ** 2).sum(axis=1)
    near &= square <= chord * chord
    i, j = i[near], j[near]
    metres = arc_of_chord(xyz[i], xyz[j])
    asked = np.flatnonzero(np.abs(metres - rule.distance_m) < 1e-6)
    if len(asked):
        lon, lat = pixels["lon"].to_numpy(), pixels["lat"].to_numpy()
        metres[asked] = GEOD.inv(lon[i[asked]], lat[i[asked]], lon[j[asked]], lat[j[asked]])[2]
    near = metres <= rule.distance_m
    return numbered(graph_of(i[near], j[near], len(pixels)))


def sklearn(pixels: pd.DataFrame, rule: EventRule) -> Labels:
    """A ball tree on the sphere with reach to spare, time and distance put right, DBSCAN on the graph."""
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import BallTree

    lon, lat = pixels["lon"].to_numpy(), pixels["lat"].to_numpy()
    xyz = earth_centred(lon, lat)
    time = pixels["acquired"].to_numpy()
    tree = BallTree(np.radians(np.column_stack([lat, lon])), metric="haversine")
    n, rows, columns = len(pixels), [], []
    for begin in range(0, n, 50_000):
        some = np.radians(np.column_stack([lat, lon])[begin : begin + 50_000])
        lists = tree.query_radius(some, rule.distance_m / EARTH_M)
        i = np.repeat(np.arange(begin, begin + len(some)), [len(found) for found in lists])
        j = np.concatenate(lists)
        near = (i < j) & (np.abs(time[i] - time[j]) <= rule.window_s)
        i, j = i[near], j[near]
        metres = arc_of_chord(xyz[i], xyz[j])
        asked = np.flatnonzero(np.abs(metres - rule.distance_m) < 1e-6)
        if len(asked):
            metres[asked] = GEOD.inv(lon[i[asked]], lat[i[asked]], lon[j[asked]], lat[j[asked]])[2]
        near = metres <= rule.distance_m
        rows.append(i[near])
        columns.append(j[near])
    i, j = np.concatenate(rows), np.concatenate(columns)
    graph = graph_of(np.append(i, j), np.append(j, i), n)
    made = DBSCAN(eps=2.0, min_samples=1, metric="precomputed").fit(graph)
    return pd.factorize(made.labels_)[0].astype(np.int32)
