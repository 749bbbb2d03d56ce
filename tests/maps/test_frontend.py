"""The front-end parts: copied with their hashes, without source maps, fonts in one format."""

from __future__ import annotations

import json

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from geoaq.maps import static_dir
from web import frontend


def a_font(path, letters="省市A繁"):
    """Write a font whose every letter is one triangle."""
    names = [".notdef", *(f"g{ord(letter):x}" for letter in letters)]
    pen = TTGlyphPen(None)
    for move, at in ((pen.moveTo, (0, 0)), (pen.lineTo, (500, 0)), (pen.lineTo, (0, 700))):
        move(at)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): f"g{ord(letter):x}" for letter in letters})
    font.setupGlyf(dict.fromkeys(names, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Triangles"})
    font.setupOS2()
    font.setupPost()
    font.save(path)


@pytest.fixture
def parts(tmp_path):
    """Return a small `node_modules` with every part that is copied."""
    for source in frontend.FILES:
        place = tmp_path / "node_modules" / source
        if source.endswith("images"):
            place.mkdir(parents=True)
            (place / "a.png").write_bytes(b"\x89PNG")
        elif source.endswith(".ttf"):
            place.parent.mkdir(parents=True, exist_ok=True)
            a_font(place)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("part();\n//# sourceMappingURL=part.js.map\n", "utf-8")
    font = tmp_path / "node_modules" / "@fontsource" / "noto-sans-sc"
    (font / "files").mkdir(parents=True)
    for weight in frontend.FONT_WEIGHTS:
        name = f"noto-{weight}.woff2"
        (font / "files" / name).write_bytes(b"wOF2")
        (font / f"{weight}.css").write_text(
            f"@font-face {{ src: url(./files/{name}) format('woff2'), url(./files/x.woff) format('woff'); }}",
            "utf-8",
        )
    return tmp_path / "node_modules"


def test_parts_arrive_without_source_maps_and_with_their_hashes(parts, tmp_path):
    vendor = tmp_path / "static" / "vendor"
    manifest = frontend.copy(parts, vendor)
    assert frontend.check(vendor) == []
    assert "leaflet/leaflet.js" in manifest
    assert "sourceMappingURL" not in (vendor / "leaflet/leaflet.js").read_text("utf-8")
    assert "x.woff" not in (vendor / "fonts/noto-sans-sc.css").read_text("utf-8")


def test_the_interface_has_a_font_of_its_own_characters(parts, tmp_path):
    vendor = tmp_path / "static" / "vendor"
    frontend.copy(parts, vendor)
    rules = (vendor / "fonts/interface.css").read_text("utf-8").split("@font-face")
    for weight, rule in zip(frontend.FONT_WEIGHTS, rules[1:], strict=True):
        assert f"interface-{weight}.woff" in rule
        assert "unicode-range: U+41,U+5e02,U+7701;" in rule  # 繁 is not said anywhere: it comes by slices
        with TTFont(vendor / f"fonts/files/interface-{weight}.woff") as font:
            assert sorted(font.getBestCmap()) == [ord("A"), ord("市"), ord("省")]


def test_the_same_fonts_are_cut_to_the_same_bytes(parts, tmp_path):
    first = frontend.copy(parts, tmp_path / "one")
    assert frontend.copy(parts, tmp_path / "other") == first


def test_what_is_cut_out_holds_what_the_pages_say_and_the_names_of_the_provinces():
    said = set(frontend.characters())
    assert said >= set("燃煤锅炉筛查 0123456789 新疆维吾尔自治区 Export")
    assert "\n" not in said


def test_a_changed_missing_or_added_file_is_named(parts, tmp_path):
    vendor = tmp_path / "static" / "vendor"
    frontend.copy(parts, vendor)
    (vendor / "leaflet/leaflet.js").write_text("other", "utf-8")
    (vendor / "fonts/LICENSE").unlink()
    (vendor / "new.js").write_text("", "utf-8")
    assert frontend.check(vendor) == ["fonts/LICENSE", "leaflet/leaflet.js", "new.js"]


def test_a_part_that_did_not_arrive_leaves_the_old_copy_alone(parts, tmp_path, capsys):
    vendor = tmp_path / "static" / "vendor"
    arguments = ["--node-modules", str(parts), "--vendor", str(vendor)]
    assert frontend.main(arguments) == 0
    (parts / "leaflet/dist/leaflet.css").unlink()
    assert frontend.main(arguments) == 1
    assert frontend.main([*arguments, "--check"]) == 0
    assert "npm ci" in capsys.readouterr().err


def test_the_lock_names_every_part_without_an_address(root):
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    asked = json.loads((root / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in asked.items():
        entry = lock["packages"][f"node_modules/{name}"]
        assert entry["version"] == version
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry


def test_this_checkout_has_the_copy_that_its_manifest_describes():
    assert frontend.check(static_dir() / "vendor") == []
