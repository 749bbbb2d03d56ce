"""A folium figure that needs nothing from outside, in separate parts with nothing inline.

folium and branca write one page: addresses of content networks in its head, scripts and styles in its body.
`OfflineFigure` renders the same tree into `MapParts`: every address goes through a table to a local file, an
unknown one is an error, and what folium would write between ``<script>`` or ``<style>`` tags comes out as
text of its own, so that a page may forbid inline code. Element ids are counted, not drawn, so that the same
map is the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from branca.element import CssLink, Element, Figure, JavascriptLink

from geoaq.errors import ConfigError

# address that folium's own elements carry, without its version -> file under web/static
LOCAL_FILES = {
    "cdn.jsdelivr.net/npm/leaflet/dist/leaflet.js": "vendor/leaflet/leaflet.js",
    "cdn.jsdelivr.net/npm/leaflet/dist/leaflet.css": "vendor/leaflet/leaflet.css",
    "cdnjs.cloudflare.com/ajax/libs/leaflet.draw/leaflet.draw.js": "vendor/leaflet-draw/leaflet.draw.js",
    "cdnjs.cloudflare.com/ajax/libs/leaflet.draw/leaflet.draw.css": "vendor/leaflet-draw/leaflet.draw.css",
}
_VERSION = re.compile(r"(?:@|/)\d+\.\d+\.\d+(?=/)")
_LOCAL = re.compile(r"(?:vendor|geoaq)/[a-z0-9_./-]+\.(?:js|css)")
_BLOCK = re.compile(r"<(script|style)\b[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"<(?:script|style)\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


@dataclass(frozen=True)
class MapParts:
    """A composed map: markup, and the style and script that belong to it, none of them inside another.

    Attributes
    ----------
    html
        Markup without scripts, styles or event attributes.
    style, script
        Text of one style sheet and one script of the map's own.
    styles, scripts
        Files that come before them, in order, as paths under ``web/static``.
    """

    html: str
    style: str
    script: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


def local_file(address: str) -> str:
    """Return the file under ``web/static`` that stands for ``address``.

    Raises
    ------
    ConfigError
        ``external_address``: no local file stands for it.

    Examples
    --------
    >>> local_file("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js")
    'vendor/leaflet/leaflet.js'
    """
    if _LOCAL.fullmatch(address) and ".." not in address:
        return address
    key = _VERSION.sub("", re.sub(r"^(?:https?:)?//", "", address))
    try:
        return LOCAL_FILES[key]
    except KeyError:
        raise ConfigError("external_address", address=address) from None


class OfflineFigure(Figure):
    """Root of a folium tree that is rendered into `MapParts`."""

    def parts(self) -> MapParts:
        """Render the tree.

        Raises
        ------
        ConfigError
            ``external_address`` for a script or style without a local file, ``inline_code`` for an element
            whose markup holds a script, a style or an event attribute.
        """
        _number(self)
        for child in self._children.values():
            child.render()
        styles: list[str] = []
        scripts: list[str] = []
        style: list[str] = []
        script: list[str] = []
        for element in _leaves(self.header):
            if isinstance(element, JavascriptLink):
                scripts.append(local_file(element.url))
            elif isinstance(element, CssLink):
                styles.append(local_file(element.url))
            else:
                for tag, body in _BLOCK.findall(element.render()):
                    (script if tag.lower() == "script" else style).append(_tidy(body))
        html = _tidy(self.html.render())
        if _INLINE.search(html):
            raise ConfigError("inline_code", sample=_INLINE.findall(html)[0].strip())
        script.append(_tidy(self.script.render()))
        return MapParts(
            html=html,
            style="".join(style),
            script="".join(script),
            styles=tuple(dict.fromkeys(styles)),
            scripts=tuple(dict.fromkeys(scripts)),
        )


def _leaves(element: Element) -> Iterator[Element]:
    yield from element._children.values()  # noqa: SLF001 - branca has no public walk


def _number(root: Element) -> None:
    """Give every element of the tree an id by its place, in place of branca's random one."""
    counter = 0
    stack = [root]
    while stack:
        element = stack.pop()
        element._id = f"{counter:04d}"  # noqa: SLF001 - branca draws a random id, no public way to set it
        counter += 1
        stack.extend(reversed(element._children.values()))  # noqa: SLF001


def _tidy(text: str) -> str:
    """Drop indentation and blank lines that templates leave behind."""
    lines = (line.strip() for line in text.splitlines())
    kept = [line for line in lines if line]
    return "\n".join(kept) + "\n" if kept else ""
