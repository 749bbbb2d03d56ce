"""Whose fire pixels are, by townships of an office: geoaq beside shapely's own tree.

``python benchmarks/fires_areas.py [--pixels 1000000] [--townships 400] [--checked 50000]``

Townships are cells around random points in two degrees square, their lines drawn with a corner every 50 m;
pixels are of VIIRS' size at random places among them. First the answers are compared: the township of every
centre, and every share. Then the times: centres alone, and all that judging asks (centre, shares, others).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
import shapely

from geoaq.fires.areas import OfficeAreas
from geoaq.fires.attribution import centres_in, shares
from geoaq.fires.footprints import footprints

WEST, SOUTH, SIDE = 116.0, 32.5, 2.0
CORNER_DEG, AT_ONCE = 0.0005, 100_000


def main() -> int:
    """Compare, then time; return 1 where an answer differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pixels", type=int, default=1_000_000)
    parser.add_argument("--townships", type=int, default=400)
    parser.add_argument("--checked", type=int, default=50_000)
    asked = parser.parse_args()
    seed = np.random.default_rng(5)
    box = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    seats = shapely.multipoints(
        seed.uniform([WEST, SOUTH], [WEST + SIDE, SOUTH + SIDE], (asked.townships, 2))
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(seats, extend_to=box))
    shapes = shapely.segmentize(shapely.intersection(cells, box), CORNER_DEG)
    labels = [f"T{at}" for at in range(len(shapes))]
    areas = OfficeAreas("township", labels, [""] * len(labels), shapes)
    lon, lat = seed.uniform([WEST, SOUTH], [WEST + SIDE, SOUTH + SIDE], (asked.pixels, 2)).T
    size = np.full(asked.pixels, 0.4, np.float32)
    pixels = pd.DataFrame({"lon": lon, "lat": lat, "scan_km": size, "track_km": size})
    print(
        f"{asked.pixels:,} pixels, {len(shapes)} townships,"
        f" {shapely.get_num_coordinates(shapes).sum():,} corners"
    )

    some = pixels.head(asked.checked)
    tree = shapely.STRtree(shapes)
    begin = time.perf_counter()
    point, area = tree.query(shapely.points(some["lon"], some["lat"]), predicate="intersects")
    theirs = time.perf_counter() - begin
    wanted = pd.Series(area).groupby(point).min().reindex(range(len(some)), fill_value=-1).to_numpy()
    begin = time.perf_counter()
    found = centres_in(some["lon"].to_numpy(), some["lat"].to_numpy(), shapes)
    ours = time.perf_counter() - begin
    same = bool((found == wanted).all())
    drawn = footprints(some, np.zeros(len(some)))
    begin = time.perf_counter()
    table = shares(drawn, shapes)
    whole_s = time.perf_counter() - begin
    begin = time.perf_counter()
    told = areas.place(some, lambda rows: drawn[rows], other_share=0.05)
    place_s = time.perf_counter() - begin
    own = table[table["area"].to_numpy() == wanted[table["pixel"].to_numpy()]]
    close = np.abs(told["share"].to_numpy()[own["pixel"]] - own["share"].to_numpy()).max() < 1e-5
    open_ = table[table["share"] >= 0.05].groupby("pixel").size().reindex(range(len(some)), fill_value=0) > 1
    same &= bool(close) and bool((told["disputed"].to_numpy() == open_.to_numpy()).all())
    print(f"answers compared for {len(some):,} pixels: {'the same' if same else 'DIFFERENT'}")
    print(f"centres: shapely's tree of areas {theirs:.2f} s, here {ours:.2f} s, {theirs / ours:.1f} times")
    print(f"shares:  of whole outlines {whole_s:.2f} s, here {place_s:.2f} s, {whole_s / place_s:.1f} times")

    begin = time.perf_counter()
    for at in range(0, len(pixels), AT_ONCE):
        part = pixels.iloc[at : at + AT_ONCE]
        areas.place(
            part, lambda rows, part=part: footprints(part.iloc[rows], np.zeros(len(rows))), other_share=0.05
        )
    spent = time.perf_counter() - begin
    print(f"all that judging asks: {spent:.1f} s, {len(pixels) / spent:,.0f} pixels a second")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
