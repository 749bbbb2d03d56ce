"""The sheet as one A4 page in PDF, set by typst with the fonts of this installation alone.

typst is given data, never markup: whatever a cell of a list holds is printed as it stands. No date and no
name of a machine gets in, so that the same sheet gives the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

from geoaq.report.sheet.data import SheetData
from geoaq.report.sheet.fonts import drawable
from geoaq.report.sheet.maps import HEIGHT, LOW, WIDTH, detail_svg, overview_svg
from geoaq.report.sheet.page import sheet_page
from geoaq.report.sheet.rose import SIZE, rose_svg
from geoaq.report.sheet.typeset import all_drawable, typeset
from geoaq.report.sheet.writer import Detail

# The largest size of type in points; then what is told, longest first, with the smallest size at which it is
# still read with ease, and whether the maps are tall or low. The first that the page holds is set, as large
# as fits.
LARGEST = 9.0
LEVELS = (
    (7.4, "tall", Detail()),
    (7.2, "low", Detail()),
    *((7.0, "low", Detail(entries=entries)) for entries in (12, 10, 8, 7, 6, 5)),
    *((6.8, "low", Detail(entries=entries)) for entries in (6, 5, 4, 3)),
    (6.7, "low", Detail(entries=3, signs=160)),
    (6.7, "low", Detail(entries=2, signs=160)),
    (6.6, "low", Detail(entries=3, signs=110, conditions=False)),
    (6.5, "low", Detail(entries=2, signs=110, conditions=False)),
    (6.3, "low", Detail(entries=2, signs=70, conditions=False)),
)
MAP_PPI = 220
_HERE = Path(__file__).parent


def sheet_pdf(data: SheetData, lang: str = "zh") -> bytes:
    """Return the sheet as a PDF of exactly one A4 page.

    What decides (see `geoaq.report.sheet.writer.Detail`) is never cut. Of the rest, what does not fit is
    counted on the page and stands in full in `sheet_html` and in the JSON: longer lists are cut first, then
    long texts.

    Raises
    ------
    ConfigError
        ``front_end_missing``: the print fonts are not there.
    """
    levels = [
        {"least": least, "maps": look, "page": sheet_page(data, lang, detail)}
        for least, look, detail in LEVELS
    ]
    rose = None if data.wind is None else rose_svg(data.wind, lang)
    maps = {
        look: {
            "overview": overview_svg(data, lang, height=height),
            "detail": detail_svg(data, lang, height=height),
            "rose": rose,
        }
        for look, height in (("tall", HEIGHT), ("low", LOW))
    }
    sizes = {"tall": (WIDTH, HEIGHT), "low": (WIDTH, LOW), "rose": (SIZE, SIZE)}
    told = {"levels": levels, "largest": LARGEST, "maps": maps}
    given = json.dumps(all_drawable(told) | {"sizes": sizes}, ensure_ascii=False)
    return typeset(_HERE / "sheet.typ", {"sheet": given})


def map_png(data: SheetData, lang: str = "zh", *, detail: bool = False) -> bytes:
    """Return one of the maps as PNG, for a letter."""
    drawing = detail_svg(data, lang) if detail else overview_svg(data, lang)
    return typeset(_HERE / "map.typ", {"map": drawable(drawing)}, ppi=MAP_PPI)
