"""The base map from outside, if the settings name one: addresses of its tiles, and the one origin of them.

Tiles are fetched by the browser, never by this server. A key is therefore part of what the page loads, and
every reader of the page can see it: it should be one that its issuer limits to this site.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from geoaq.errors import ConfigError
from geoaq.wording import say

Kind = Literal["none", "tianditu", "xyz", "wmts"]

_TIANDITU = "https://t0.tianditu.gov.cn"
_TIANDITU_LAYERS = ("vec", "cva")  # the ground, and the names on it
_DEEPEST = 18
_PLACES = ("{z}", "{x}", "{y}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)
# Their tiles are drawn in GCJ-02 or BD-09: everything would stand some hundred metres beside its place.
_SHIFTED = (
    "amap.com",
    "autonavi.com",
    "is.autonavi.com",
    "map.qq.com",
    "gtimg.com",
    "baidu.com",
    "bdimg.com",
)


class Basemap(NamedTuple):
    """What the page needs to know of a base map.

    ``kind`` and ``name`` say which it is, ``urls`` are templates with ``{z}``, ``{x}`` and ``{y}``, lowest
    first (Web Mercator, 256 pixels), ``origin`` is the one place they come from.
    """

    kind: Kind
    name: str
    urls: tuple[str, ...]
    attribution: str
    origin: str

    def options(self, lang: str) -> dict[str, Any]:
        """Return the options of the client's base map in a language."""
        title = self.name or say(f"pages.base_map_{self.kind}", lang)
        credit = self.attribution or title
        return {"title": title, "attribution": credit, "urls": list(self.urls), "max_native_zoom": _DEEPEST}


def base_map(
    kind: Kind, *, url: str, key: str, layer: str, matrix_set: str, name: str, attribution: str
) -> Basemap | None:
    """Return the base map that the settings name, or None.

    Parameters
    ----------
    kind
        ``tianditu``: ``url`` is another server with the same addresses, if one is named. ``xyz``: ``url`` is
        a template with ``{z}``, ``{x}``, ``{y}``. ``wmts``: ``url`` is a service that takes parameters in the
        query; ``layer`` and ``matrix_set`` are its names.
    key
        Takes the place of ``{key}`` in ``url``; for ``tianditu`` it is required.
    name, attribution
        What the page calls the map, and whom it credits.

    Raises
    ------
    ConfigError
        ``bad_setting``: no such address, neither https nor this machine, a part that is missing, or a map
        whose tiles are drawn in a shifted datum.
    """
    if kind == "none":
        return None
    if kind == "tianditu":
        if not key:
            raise _bad("KEY", "", "tianditu: a key is needed")
        root = (url or _TIANDITU).rstrip("/")
        urls = tuple(
            f"{root}/{one}_w/wmts?{_wmts(one, 'w', 'tiles')}&tk={quote(key, safe='')}"
            for one in _TIANDITU_LAYERS
        )
    elif kind == "wmts":
        if not layer:
            raise _bad("LAYER", "", "wmts: the name of a layer is needed")
        joint = "&" if "?" in url else "?"
        urls = (url.replace("{key}", quote(key, safe="")) + joint + _wmts(layer, matrix_set, "image/png"),)
    else:
        if not all(place in url for place in _PLACES):
            raise _bad("URL", url, "xyz: {z}, {x} and {y} are needed")
        urls = (url.replace("{key}", quote(key, safe="")),)
    return Basemap(kind, name, urls, attribution, _origin(urls[0], url))


def _wmts(layer: str, matrix_set: str, form: str) -> str:
    words = {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": layer, "STYLE": "default",
        "TILEMATRIXSET": matrix_set, "FORMAT": form,
    }  # fmt: skip
    return urlencode(words) + "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"


def _origin(address: str, stated: str) -> str:
    """Return scheme, host and port of an address; only https, or plain http on this machine."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _bad("URL", stated, str(error)) from None
    loopback = host == "localhost" or _is_loopback(host)
    if parts.username is not None or not (_HOST.fullmatch(host) or loopback):
        raise _bad("URL", stated, "no address of a server")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise _bad("URL", stated, "https is needed, or http on this machine")
    if any(host == one or host.endswith(f".{one}") for one in _SHIFTED):
        raise _bad("URL", stated, "its tiles are drawn in a shifted datum (GCJ-02 or BD-09)")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bad(field: str, value: str, detail: str) -> ConfigError:
    return ConfigError("bad_setting", name=f"GEOAQ_BASEMAP_{field}", value=value, detail=detail)
