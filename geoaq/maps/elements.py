"""The map's own folium elements: each names the client files it needs and calls them with its options.

Everything that is data goes through ``tojson`` into the script and from there as text into the page; folium's
own pop-ups and tooltips, which take HTML, are not used.
"""

from __future__ import annotations

from typing import Any, ClassVar

import folium
from branca.element import Element
from folium.elements import JSCSSMixin
from folium.template import Template

Links = list[tuple[str, str]]


def _links(*links: tuple[str, str]) -> Links:
    return list(links)


def _client(*names: str) -> Links:
    return [(name.replace(".", "_"), f"geoaq/{name}") for name in names]


class RoomMap(folium.Map):
    """The map that fills the page: Leaflet alone, no tiles, no pop-up library, room for its cards.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees: what is shown first.
    strings
        The client's sentences in the reader's language.
    lang
        ``zh`` or ``en``.
    """

    default_js = _links(
        ("leaflet", "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js"),
        *_client("base.js", "signs.js", "sheet.js", "room.js"),
    )
    default_css = _links(
        ("fonts_css", "vendor/fonts/noto-sans-sc.css"),
        ("leaflet_css", "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.css"),
        *_client(
            "paper.css",
            "page.css",
            "room.css",
            "layers.css",
            "map.css",
            "years.css",
            "phone.css",
            "print.css",
        ),
    )
    _template = Template("""
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="map" role="application" aria-label="{{ this.label|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var map = L.map("map", {
            center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, zoomControl: false,
            attributionControl: false, zoomSnap: 0.5, wheelPxPerZoomLevel: 90, minZoom: 3, maxZoom: 17
        });
        var room = geoaq.room(map, {{ this.room|tojson }});
        {% endmacro %}
    """)

    def __init__(
        self,
        bounds: tuple[float, float, float, float],
        *,
        label: str,
        strings: dict[str, str],
        lang: str,
        room: dict[str, Any],
    ) -> None:
        west, south, east, north = bounds
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None)
        self._name = "Map"
        self.label = label
        self.room = {"bounds": list(bounds), "lang": lang, "strings": strings, **room}


class _RoomElement(JSCSSMixin):
    """An element that calls one function of the client with its options."""

    call: ClassVar[str]
    _template = Template("""
        {% macro script(this, kwargs) %}
        geoaq.{{ this.call }}(room, {{ this.options|tojson }});
        {% endmacro %}
    """)

    def __init__(self, **options: Any) -> None:
        Element.__init__(self)
        self._name = type(self).__name__
        self.options = options


class Source(_RoomElement):
    """Where the client finds a screening and the layers: the server, or the page itself."""

    call = "use_source"
    default_js = _client("source.js")


class EmbeddedSource(_RoomElement):
    """The same questions answered from data that lie in the page."""

    call = "use_embedded"
    default_js = _client("embedded.js", "embedded-card.js")


class Tiles(_RoomElement):
    """Boundaries and areas from the server's vector tiles, for the layers whose spec says ``tiled``."""

    call = "use_tiles"
    default_js = _client("mvt.js", "tiles.js", "ground.js", "tiled.js", "live.js")


class BaseMap(_RoomElement):
    """Raster layers; the base map from outside, where the settings name one; credit and approval."""

    call = "add_basemap"
    default_js = _client("rasters.js", "basemap.js")
    default_css = _client("basemap.css")


class Layers(_RoomElement):
    """Boundaries, areas, plants and discs in the view's order; from GeoJSON unless they come as tiles."""

    call = "add_layers"
    default_js = _client("styles.js", "areas.js", "tips.js", "plants.js", "discs.js", "labels.js")


class Points(_RoomElement):
    """The subjects of a screening, as signs or as cells, that answer to hover and click."""

    call = "add_points"
    default_js = _client("points.js", "cells.js")


class Tools(_RoomElement):
    """Zoom, scale, coordinates, measure, draw, full screen, print."""

    call = "add_tools"
    default_js = _links(
        ("leaflet_draw_js", "https://cdnjs.cloudflare.com/ajax/libs/leaflet.draw/1.0.4/leaflet.draw.js"),
        ("geodesic", "vendor/geographiclib/geodesic.js"),
        *_client("tools.js", "pointer.js", "measure.js", "draw.js"),
    )
    default_css = _links(
        ("leaflet_draw_css", "https://cdnjs.cloudflare.com/ajax/libs/leaflet.draw/1.0.4/leaflet.draw.css"),
    )


class Printing(_RoomElement):
    """The page to print, seen before it is printed."""

    call = "add_printing"
    default_js = _client("printing.js")


class Permalink(_RoomElement):
    """The address of what is seen: layers, filters, view and chosen subject behind the page's ``#``."""

    call = "add_permalink"
    default_js = _client("permalink.js")


class Years(_RoomElement):
    """The slider over the years of a list, where its head counts them."""

    call = "add_years"
    default_js = _client("years.js")


class Cards(_RoomElement):
    """The cards that float on the map: layers with legend and search, the reason, the list, its issues."""

    call = "add_cards"
    default_js = _client(
        "layers.js",
        "layer-tree.js",
        "layer-row.js",
        "search.js",
        "why.js",
        "why-project.js",
        "files.js",
        "pager.js",
        "list.js",
        "issues.js",
        "cards.js",
    )


class Upload(_RoomElement):
    """The upload card: drag and drop, progress, cancel."""

    call = "add_upload"
    default_js = _client("upload.js")


class OfficeLayers(_RoomElement):
    """The layers that the office adds: the dialog that takes them in, and what of them the map draws."""

    call = "add_office_layers"
    default_js = _client("office-layers.js", "add-layer.js")
    default_css = _client("office.css")


class Downwind(_RoomElement):
    """The sectors downwind of the chosen project, and the rose on its card."""

    call = "add_downwind"
    default_js = _client("downwind.js")


class Fires(_RoomElement):
    """Fire pixels on the map, what of them is asked for, and whether anything is new."""

    call = "use_fires"
    default_js = _client("fire-room.js", "fire-tiles.js", "fire-signs.js", "fire-points.js")
    default_css = _client("fires.css")


class FireCards(_RoomElement):
    """The cards of the fire map: layers and search, the list, one pixel; time, and how old the data are."""

    call = "add_fire_cards"
    default_js = _client(
        "layers.js",
        "layer-tree.js",
        "layer-row.js",
        "search.js",
        "cards.js",
        "pager.js",
        "fire-time.js",
        "fire-list.js",
        "fire-card.js",
        "fire-here.js",
        "fire-pages.js",
        "fire-cards.js",
    )


class StaticSources(_RoomElement):
    """The register of static heat sources on the map."""

    call = "use_static_sources"
    default_js = _client("fire-signs.js", "static-sources.js")
    default_css = _client("fire-office.css")


class StaticCards(_RoomElement):
    """The cards on which static heat sources are looked over: layers, the register, one source."""

    call = "add_static_cards"
    default_js = _client(
        "layers.js",
        "layer-tree.js",
        "layer-row.js",
        "search.js",
        "cards.js",
        "pager.js",
        "fire-pages.js",
        "form-send.js",
        "static-list.js",
        "static-card.js",
    )


class Zones(_RoomElement):
    """The office's zones and permits on the map."""

    call = "use_zones"
    default_js = _client("zones-map.js")
    default_css = _client("fire-office.css")


class ZoneCards(_RoomElement):
    """The cards on which zones and permits are kept: layers, the list, one of them, the form."""

    call = "add_zone_cards"
    default_js = _client(
        "layers.js",
        "layer-tree.js",
        "layer-row.js",
        "search.js",
        "cards.js",
        "pager.js",
        "fire-pages.js",
        "form-send.js",
        "zones-list.js",
        "zones-form.js",
        "zones-card.js",
    )


class PointQuery(_RoomElement):
    """What holds at a place: a tool of the map, and its card."""

    call = "add_point_query"
    default_js = _client("point.js")


class Site(_RoomElement):
    """The position of one project in its form: picked on the map, or its site drawn there."""

    call = "add_site"
    default_js = _client("site.js")


class Ready(_RoomElement):
    """Called last: everything is there, ask for the data."""

    call = "ready"
