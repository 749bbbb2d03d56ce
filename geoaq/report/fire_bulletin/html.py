"""A bulletin as HTML: everything but the tails of long lists, without a script, with nothing from outside."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geoaq.report.fire_bulletin.data import BulletinData
from geoaq.report.fire_bulletin.figure import map_svg
from geoaq.report.fire_bulletin.page import bulletin_page

if TYPE_CHECKING:
    from jinja2 import Template

_HERE = Path(__file__).parent


def bulletin_css() -> str:
    """Return the style of a bulletin, for a server that gives it an address of its own."""
    return (_HERE / "bulletin.css").read_text("utf-8")


def bulletin_html(data: BulletinData, lang: str = "zh", *, most: int, alone: bool = True) -> str:
    """Return the bulletin as one page or, without ``alone``, as the ``article`` of a page that has its style.

    Parameters
    ----------
    most
        Rows of a long list.
    alone
        True: a whole page with the style in it, which stands by itself.
    """
    return _template("page.html" if alone else "article.html").render(
        page=bulletin_page(data, lang, most=most), drawing=map_svg(data, lang), style=bulletin_css()
    )


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    room.trim_blocks = room.lstrip_blocks = True
    return room.get_template(name)
