"""A bulletin as PDF: A4, long lists on turned pages, set with the fonts of this installation alone."""

from __future__ import annotations

import json
from pathlib import Path

from geoaq.report.fire_bulletin.data import BulletinData
from geoaq.report.fire_bulletin.figure import map_svg
from geoaq.report.fire_bulletin.page import bulletin_page
from geoaq.report.fire_bulletin.words import said
from geoaq.report.sheet.typeset import all_drawable, typeset


def bulletin_pdf(data: BulletinData, lang: str = "zh", *, most: int) -> bytes:
    """Return the bulletin as PDF, always the same bytes; long lists have at most ``most`` rows.

    Raises
    ------
    ConfigError
        ``front_end_missing``: the print fonts are not there.
    """
    told = {
        "page": bulletin_page(data, lang, most=most),
        "map": map_svg(data, lang),
        "numbered": [said("page_before", lang), said("page_between", lang), said("page_after", lang)],
    }
    given = json.dumps(all_drawable(told), ensure_ascii=False)
    return typeset(Path(__file__).with_name("bulletin.typ"), {"bulletin": given})
