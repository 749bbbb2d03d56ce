"""PMTiles, read beside the reference reader."""

from __future__ import annotations

import gzip
import random

import pytest
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geoaq.tiles.archive import Archive, tile_number
from geoaq.tiles.mercator import Address


@pytest.mark.parametrize("z", [0, 1, 2, 5, 11, 18])
def test_a_tile_has_the_number_that_the_reference_gives_it(z):
    some = random.Random(z)
    for _ in range(200):
        x, y = some.randrange(1 << z), some.randrange(1 << z)
        assert tile_number(Address(z, x, y)) == zxy_to_tileid(z, x, y)


@pytest.fixture(params=[300, 60_000], ids=["one directory", "with leaves"])
def path(request, tmp_path):
    """Write an archive with gaps, with runs of the same tile, and with tiles that come back."""
    path = tmp_path / "made.pmtiles"
    some = random.Random(1)
    with path.open("wb") as file:
        writer = Writer(file)
        for number in range(request.param):
            if number % 7 == 3:
                continue
            words = b"sea" if number % 100 < 30 else b"%d" % (number if some.random() < 0.8 else 5)
            writer.write_tile(number, gzip.compress(words, mtime=0))
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_lon_e7": 0, "min_lat_e7": 0,
            "max_lon_e7": 0, "max_lat_e7": 0, "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
        }  # fmt: skip
        writer.finalize(header, {})
    return path


def test_every_tile_is_what_the_reference_reader_finds(path):
    archive = Archive(path)
    with path.open("rb") as file:
        reference = Reader(MmapSource(file))
        assert archive.zooms == (reference.header()["min_zoom"], reference.header()["max_zoom"])
        for z in range(9):
            some = random.Random(z)
            for _ in range(40):
                tile = Address(z, some.randrange(1 << z), some.randrange(1 << z))
                assert archive.tile(tile) == reference.get(*tile), tile


@pytest.mark.parametrize("body", [b"", b"PMTiles\x02" + bytes(200), b"x" * 300, b"PMTiles\x03" + bytes(200)])
def test_a_file_of_another_kind_is_refused(tmp_path, body):
    path = tmp_path / "other.pmtiles"
    path.write_bytes(body)
    with pytest.raises(ValueError, match=r"PMTiles|packed|empty"):
        Archive(path)
