"""Copy the front-end parts from ``node_modules`` into ``web/static/vendor``, with their hashes.

Run at set-up after ``npm ci``. Nothing from elsewhere is committed: the lock file fixes what arrives,
``manifest.json`` what was copied. ``--check`` compares the copy with it. The characters of the interface are
cut out of the whole fonts on the way: the slices that browsers load by ranges of characters hold them in some
forty files, and each that arrives has the page laid out anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
FONT_WEIGHTS = (400, 600)
WHOLE = "print/noto-sans-sc-{weight}.ttf"

# package file -> place under web/static/vendor; a folder is copied whole
FILES = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "leaflet-draw/dist/leaflet.draw.js": "leaflet-draw/leaflet.draw.js",
    "leaflet-draw/dist/leaflet.draw.css": "leaflet-draw/leaflet.draw.css",
    "leaflet-draw/dist/images": "leaflet-draw/images",
    "leaflet-draw/package.json": "leaflet-draw/package.json",
    "geographiclib-geodesic/geographiclib-geodesic.min.js": "geographiclib/geodesic.js",
    "geographiclib-geodesic/LICENSE.txt": "geographiclib/LICENSE",
    "@fontsource/noto-sans-sc/LICENSE": "fonts/LICENSE",
    # whole fonts, not the slices that browsers load one by one: a printed name may hold any Han character
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": WHOLE.format(weight=400),
    "@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf": WHOLE.format(weight=600),
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "print/LICENSE",
}
# What pages say: sentences with the names of the provinces, titles of layers.
SAID = ("geoaq/wording/*.toml", "layers/map/*.toml")
# Latin letters and figures, and the space by which the map sets the names of provinces apart.
_LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100), 0x2002)))
# By "halt" a bracket takes half its place at the end of a line, as it does in the slices.
_FEATURES = ["ccmp", "halt", "kern", "liga", "locl", "mark", "palt"]
_SOURCE_MAP = re.compile(rb"\s*(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n]*")
_WOFF = re.compile(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)")


def copy(node_modules: Path, vendor: Path) -> dict[str, str]:
    """Fill ``vendor`` anew from ``node_modules`` and return the manifest (path to sha-256).

    Raises
    ------
    FileNotFoundError
        A part is missing: ``npm ci`` did not run or did not finish.
    """
    fresh = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, target in FILES.items():
        place = node_modules / source
        if place.is_dir():
            for item in sorted(place.iterdir()):
                _write(fresh / target / item.name, item.read_bytes())
        else:
            _write(fresh / target, _SOURCE_MAP.sub(b"", place.read_bytes()))
    _fonts(node_modules / "@fontsource" / "noto-sans-sc", fresh)
    manifest = hashes(fresh)
    _write(fresh / "manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())
    former = vendor.with_name(vendor.name + ".old")
    shutil.rmtree(former, ignore_errors=True)
    if vendor.exists():
        vendor.rename(former)  # out of the way at once: a server may be reading it
    fresh.rename(vendor)
    shutil.rmtree(former, ignore_errors=True)
    return manifest


def _fonts(package: Path, fresh: Path) -> None:
    """Write two style sheets for the weights in use, and the fonts that they name.

    One names the slices, woff2 only, the other the characters of the interface. Where the second follows the
    first, browsers look into it first.
    """
    target = fresh / "fonts"
    sheet = "\n".join(
        _WOFF.sub("", (package / f"{weight}.css").read_text("utf-8")) for weight in FONT_WEIGHTS
    )
    for name in sorted(set(re.findall(r"url\(\./files/([^)]+)\)", sheet))):
        _write(target / "files" / name, (package / "files" / name).read_bytes())
    _write(target / "noto-sans-sc.css", sheet.encode())
    said, faces = characters(), []
    for weight in FONT_WEIGHTS:
        name = f"interface-{weight}.woff"
        content, codes = cut(fresh / WHOLE.format(weight=weight), said)
        _write(target / "files" / name, content)
        faces.append(_face(weight, name, codes))
    _write(target / "interface.css", "\n".join(faces).encode())


def characters(root: Path = ROOT) -> str:
    """Return every character of the interface in its order."""
    found = {*_LATIN}
    for pattern in SAID:
        for path in root.glob(pattern):
            found.update(path.read_text("utf-8"))
    return "".join(sorted(one for one in found if one.isprintable() or one in _LATIN))


def cut(font: Path, text: str) -> tuple[bytes, list[int]]:
    """Cut some characters out of a font.

    Parameters
    ----------
    font
        A TrueType font.
    text
        The characters; what the font lacks is left out.

    Returns
    -------
    tuple
        A WOFF file (its tables are deflated: no packer beyond the standard library is needed), and the code
        points that it holds, in their order.
    """
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, layout_features=_FEATURES)
    options.recalc_timestamp = False  # the same input makes the same bytes
    options.drop_tables = [*options.drop_tables, "BASE", "STAT", "vhea", "vmtx"]
    with subset.load_font(str(font), options) as opened:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(opened)
        content = BytesIO()
        subset.save_font(opened, content, options)
        return content.getvalue(), sorted(opened.getBestCmap())


def _face(weight: int, file: str, codes: Iterable[int]) -> str:
    """Return the rule by which a style sheet names such a font, for its characters alone."""
    return (
        f"/* the interface, {weight} */\n"
        "@font-face {\n"
        "  font-family: 'Noto Sans SC';\n"
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        f"  font-weight: {weight};\n"
        f"  src: url(./files/{file}) format('woff');\n"
        f"  unicode-range: {','.join(_ranges(sorted(codes)))};\n"
        "}\n"
    )


def _ranges(codes: list[int]) -> list[str]:
    starts = [code for before, code in pairwise([-2, *codes]) if code != before + 1]
    ends = [code for code, after in pairwise([*codes, -2]) if after != code + 1]
    return [
        f"U+{first:x}" if first == last else f"U+{first:x}-{last:x}"
        for first, last in zip(starts, ends, strict=True)
    ]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def hashes(folder: Path) -> dict[str, str]:
    """Return the sha-256 of every file under ``folder`` by its path, the manifest itself left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def check(vendor: Path) -> list[str]:
    """Return the paths that differ from the manifest; one line ``manifest.json`` when there is none."""
    try:
        wanted: dict[str, str] = json.loads((vendor / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        return ["manifest.json"]
    found = hashes(vendor)
    return sorted(path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path))


def main(argv: list[str] | None = None) -> int:
    """Copy, or with ``--check`` compare; the exit code is 1 when something is missing or differs."""
    parser = argparse.ArgumentParser(prog="python web/frontend.py", description=__doc__.split("\n")[0])
    parser.add_argument("--node-modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--vendor", type=Path, default=VENDOR)
    parser.add_argument("--check", action="store_true", help="compare with the manifest, copy nothing")
    options = parser.parse_args(argv)
    if options.check:
        wrong = check(options.vendor)
        sys.stderr.writelines(f"differs: {path}\n" for path in wrong)
        return 1 if wrong else 0
    try:
        manifest = copy(options.node_modules, options.vendor)
    except FileNotFoundError as error:
        sys.stderr.write(f"front-end part missing: {error.filename}; run npm ci first\n")
        return 1
    sys.stdout.write(f"{len(manifest)} front-end files in place\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
