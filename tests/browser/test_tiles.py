"""The served map from vector tiles: read right, drawn, under the pointer, and asking nobody else."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest

from geoaq.io.samples import write_sample
from geoaq.tiles import mvt
from geoaq.tiles.mercator import Address
from geoaq.tiles.static import built_tiles
from tests.browser.served import screen_through_the_page, until
from tests.browser.tiles_visit import drawn, look_at, place, tip

pytestmark = pytest.mark.browser


@pytest.mark.netns
def test_without_any_network_the_maps_are_drawn_from_tiles(data, chromium):
    root = Path(__file__).resolve().parents[2]
    unshare = shutil.which("unshare")
    assert unshare is not None
    command = [sys.executable, "-m", "tests.browser.tiles_visit", str(data), chromium]
    done = subprocess.run(
        [unshare, "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"', *command],
        cwd=root, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tiles " in done.stdout


def test_a_tile_is_read_as_the_reference_reads_it(page, address, data):
    page.goto(f"{address}/heating")
    drawn(page)
    for layer, at in (
        ("counties", (7, 106, 51)),
        ("province_borders", (4, 13, 6)),
        ("heating_discs", (6, 53, 25)),
    ):
        packed = built_tiles(data / "layers").archive(layer).tile(Address(*at))
        assert packed is not None
        wanted = mapbox_vector_tile.decode(gzip.decompress(packed), default_options={"y_coord_down": True})[
            layer
        ]
        url = f"/tiles/{layer}/{at[0]}/{at[1]}/{at[2]}.mvt"
        found = page.evaluate(
            """url => fetch(url).then(answer => answer.arrayBuffer()).then(bytes => {
            const tile = Object.values(geoaq.read_shapes(bytes))[0];
            return { extent: tile.extent, features: tile.features.map(one => ({ properties: one.properties,
            ends: one.ends, coords: Array.from(one.coords) })) }; })""",
            url,
        )
        assert found["extent"] == wanted["extent"]
        assert [one["properties"] for one in found["features"]] == [
            one["properties"] for one in wanted["features"]
        ]
        for one, other in zip(found["features"], wanted["features"], strict=True):
            shape, corners = other["geometry"], one["coords"]
            parts = shape["coordinates"]
            rings = {
                "Polygon": lambda p: p, "MultiPolygon": lambda p: [ring for rings in p for ring in rings],
                "LineString": lambda p: [p], "MultiLineString": lambda p: p,
            }[shape["type"]](parts)  # fmt: skip
            assert len(one["ends"]) == len(rings)
            closed = "Polygon" in shape["type"]
            flat = [value for ring in rings for corner in (ring[:-1] if closed else ring) for value in corner]
            assert sorted(corners) == sorted(flat)


@pytest.mark.parametrize("ring", [False, True], ids=["line", "ring"])
def test_a_dashed_line_runs_across_the_edge_of_two_tiles_without_a_seam(page, address, ring):
    page.goto(f"{address}/heating")
    drawn(page)
    row = page.evaluate(
        """ring => { const canvas = document.createElement('canvas');
        canvas.width = 500; canvas.height = 40;
        const ctx = canvas.getContext('2d'), k = 250 / 4096, y = 20 / k;
        ctx.lineWidth = 4;
        // Each tile holds the line a little beyond its edge; the left one from its own beginning.
        const share = (from, to) => ({ ring, ends: [ring ? 8 : 4], coords: Int16Array.from(
          ring ? [from, y, to, y, to, 4200, from, 4200] : [from, y, to, y]) });
        const first = share(ring ? -80 : 333, 4176);
        geoaq.stroke_dashed(ctx, [first], { left: 0, top: 0, k, extent: 4096 }, [6, 4]);
        geoaq.stroke_dashed(ctx, [share(-80, 4176)], { left: 250, top: 0, k, extent: 4096 }, [6, 4]);
        return Array.from(ctx.getImageData(0, 20, 500, 1).data.filter((_, i) => i % 4 === 3)); }""",
        ring,
    )
    marks = "".join("#" if alpha > 127 else " " for alpha in row).strip()
    lengths = {len(mark) for mark in re.findall("#+", marks)[1:-1]}
    gaps = {len(gap) for gap in re.findall(" +", marks)}
    assert row[249] > 127
    assert row[250] > 127
    assert lengths <= {5, 6, 7}
    assert gaps <= {3, 4, 5}
    assert len(re.findall("#+", marks)) > 40


def test_points_and_cells_of_a_live_tile_are_read_as_columns(page, address):
    page.goto(f"{address}/heating")
    ids = np.array([3 * 4096, 5 * 4096 + 1])
    words = {"verdict": (np.array([2, 0]), ["applies", "not", "review"])}
    body = mvt.layer("points", np.array([1, 4095]), np.array([7, 0]), words, ids)
    found = page.evaluate(
        """body => { const t = geoaq.read_points(new Uint8Array(body).buffer);
        const lists = [t.x, t.y, t.id].map(one => Array.from(one));
        return [t.name, t.count, t.extent, ...lists, t.values]; }""",
        list(body),
    )
    assert found == ["points", 2, 4096, [1, 4095], [7, 0], ids.tolist(), {"verdict": ["review", "applies"]}]
    assert page.evaluate("[geoaq.key_of(5 * 4096 + 1), geoaq.id_of('5-1')]") == ["5-1", 5 * 4096 + 1]
    assert page.evaluate("geoaq.read_points(new ArrayBuffer(0)).count") == 0


@pytest.fixture
def live(page, address, tmp_path):
    """Show a screening whose points come as tiles, and note which are asked for."""
    write_sample(tmp_path / "list.xlsx", 300, seed=5)
    screen_through_the_page(page, address, tmp_path / "list.xlsx", files=False)
    here = page.url.split("#")[0]
    page.route(
        re.compile(r"/points\.bin"),
        lambda route: route.fulfill(
            content_type="application/json", body=json.dumps({"kind": "tiles", "count": 300})
        ),
    )
    page.asked = []
    page.on("request", lambda one: re.search("/screenings/.*/tiles/", one.url) and page.asked.append(one.url))
    page.goto("about:blank")
    page.goto(here)
    until(page, "window.room && room.kind === 'tiles' && room.points._table")
    drawn(page)
    yield page
    page.unroute_all(behavior="wait")


def test_subjects_from_tiles_answer_to_pointer_filter_and_list(live):
    page = live
    first = page.evaluate("() => room.source.subjects(room.filter, {page: 1}).then(data => data.rows[0])")
    look_at(page, first["lon"], first["lat"] + 0.01, 13)
    assert page.evaluate("key => room.points.place_of(key)", first["key"]) >= 0
    assert tip(page, first["lon"], first["lat"])
    page.wait_for_selector(f".tip:has-text('{first['subject_id']}')")
    page.mouse.click(*place(page, first["lon"], first["lat"]))
    page.wait_for_selector("#why .why-facts")
    assert first["subject_id"] in page.inner_text("#why .card-head")

    page.click("#list .tag.review")
    until(page, "room.filter.verdict.length === 1")
    drawn(page)
    assert page.asked[-1].endswith("?verdict=review")
    assert set(page.evaluate("Array.from(room.points._codes)")) <= {2}


def test_while_the_map_moves_what_is_drawn_stays(live):
    page = live
    counts = page.evaluate(
        """() => new Promise(resolve => { const seen = []; const draw = room.points.set_world;
        room.points.set_world = function (found) { seen.push(found.count); return draw.call(this, found); };
        map.setZoom(map.getZoom() + 1, {animate: false}); map.panBy([180, 90], {animate: false});
        (function look() { if (room.is_drawn()) resolve(seen); else setTimeout(look, 20); })(); })"""
    )
    assert counts
    assert min(counts) > 0
