"""The map's own folium elements: each names the client files it needs and calls them with its options.

Everything that is data goes through ``tojson`` into the script and from there as text into the page; folium's
own pop-ups and tooltips, which take HTML, are not used. Those of the fire job are in
`geoaq.maps.fire_elements`.
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


def client_files(*names: str) -> Links:
    """Return the links by which an element asks for the client's own files."""
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
        *client_files("base.js", "signs.js", "sheet.js", "room.js"),
    )
    default_css = _links(
        ("fonts_css", "vendor/fonts/interface.css"),
        ("leaflet_css", "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.css"),
        *client_files(
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


class RoomElement(JSCSSMixin):
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


class Source(RoomElement):
    """Where the client finds a screening and the layers: the server, or the page itself."""

    call = "use_source"
    default_js = client_files("source.js")


class EmbeddedSource(RoomElement):
    """The same questions answered from data that lie in the page."""

    call = "use_embedded"
    default_js = client_files("embedded.js", "embedded-card.js")


class Tiles(RoomElement):
    """Boundaries and areas from the server's vector tiles, for the layers whose spec says ``tiled``."""

    call = "use_tiles"
    default_js = client_files("mvt.js", "tiles.js", "dashes.js", "ground.js", "tiled.js", "live.js")


class BaseMap(RoomElement):
    """Raster layers; the base map from outside, where the settings name one; credit and approval."""

    call = "add_basemap"
    default_js = client_files("rasters.js", "basemap.js")
    default_css = client_files("basemap.css")


class Layers(RoomElement):
    """Boundaries, areas, plants and discs in the view's order; from GeoJSON unless they come as tiles."""

    call = "add_layers"
    default_js = client_files("styles.js", "areas.js", "tips.js", "plants.js", "discs.js", "labels.js")


class Points(RoomElement):
    """The subjects of a screening, as signs or as cells, that answer to hover and click."""

    call = "add_points"
    default_js = client_files("stamps.js", "points.js", "cells.js")


class Tools(RoomElement):
    """Zoom, scale, coordinates, measure, draw, full screen, print."""

    call = "add_tools"
    default_js = _links(
        ("leaflet_draw_js", "https://cdnjs.cloudflare.com/ajax/libs/leaflet.draw/1.0.4/leaflet.draw.js"),
        ("geodesic", "vendor/geographiclib/geodesic.js"),
        *client_files("tools.js", "pointer.js", "measure.js", "draw.js"),
    )
    default_css = _links(
        ("leaflet_draw_css", "https://cdnjs.cloudflare.com/ajax/libs/leaflet.draw/1.0.4/leaflet.draw.css"),
    )


class Printing(RoomElement):
    """The page to print, seen before it is printed."""

    call = "add_printing"
    default_js = client_files("printing.js")


class Permalink(RoomElement):
    """The address of what is seen: layers, filters, view and chosen subject behind the page's ``#``."""

    call = "add_permalink"
    default_js = client_files("permalink.js")


class Years(RoomElement):
    """The slider over the years of a list, where its head counts them."""

    call = "add_years"
    default_js = client_files("years.js")


class Cards(RoomElement):
    """The cards that float on the map: layers with legend and search, the reason, the list, its issues."""

    call = "add_cards"
    default_js = client_files(
        "layers.js",
        "layer-tree.js",
        "layer-row.js",
        "search.js",
        "why.js",
        "why-project.js",
        "files.js",
        "pager.js",
        "linked.js",
        "list.js",
        "issues.js",
        "cards.js",
    )


class Upload(RoomElement):
    """The upload card: drag and drop, progress, cancel."""

    call = "add_upload"
    default_js = client_files("upload.js")


class OfficeLayers(RoomElement):
    """The layers that the office adds: the dialog that takes them in, and what of them the map draws."""

    call = "add_office_layers"
    default_js = client_files("office-layers.js", "add-layer.js")
    default_css = client_files("office.css")


class Downwind(RoomElement):
    """The sectors downwind of the chosen project, and the rose on its card."""

    call = "add_downwind"
    default_js = client_files("downwind.js")


class PointQuery(RoomElement):
    """What holds at a place: a tool of the map, and its card."""

    call = "add_point_query"
    default_js = client_files("point.js")


class Site(RoomElement):
    """The position of one project in its form: picked on the map, or its site drawn there."""

    call = "add_site"
    default_js = client_files("site.js")


class Ready(RoomElement):
    """Called last: everything is there, ask for the data."""

    call = "ready"
