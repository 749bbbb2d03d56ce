"""The sheet as HTML: everything that it says, uncut, without a script and with nothing from outside."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geoaq.report.sheet.data import SheetData
from geoaq.report.sheet.maps import detail_svg, overview_svg
from geoaq.report.sheet.page import sheet_page
from geoaq.report.sheet.rose import rose_svg

if TYPE_CHECKING:
    from jinja2 import Template

_HERE = Path(__file__).parent


def sheet_css() -> str:
    """Return the style of `sheet_html`, for a server that gives it an address of its own."""
    return (_HERE / "sheet.css").read_text("utf-8")


def sheet_html(data: SheetData, lang: str = "zh", *, stylesheet: str | None = None) -> str:
    """Return the sheet as one page.

    Parameters
    ----------
    stylesheet
        Address of `sheet_css` as the page is to link it: nothing then stands inline and the page fits a
        policy of ``default-src 'self'``. None: the style is in the page, which then stands alone.
    """
    return _template().render(
        page=sheet_page(data, lang),
        overview=overview_svg(data, lang),
        detail=detail_svg(data, lang),
        rose=None if data.wind is None else rose_svg(data.wind, lang),
        stylesheet=stylesheet,
        style=sheet_css(),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_HERE)
    room = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    room.trim_blocks = room.lstrip_blocks = True
    return room.get_template("sheet.html")
