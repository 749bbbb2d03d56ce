"""The map of a job, composed from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoaq.catalog import Catalog, Layer, Style, View, group_of
from geoaq.errors import NotFoundError
from geoaq.maps.added import with_added
from geoaq.maps.statics import client_strings

if TYPE_CHECKING:
    from geoaq.maps.elements import RoomMap
    from geoaq.maps.figure import MapParts, OfflineFigure

# Geometries that the page draws from tiles; points stay signs, drawn one by one.
_TILED = frozenset({"line", "polygon"})
# The view whose subjects are no list of an office, but what satellites saw.
_FIRES = "fires"
# Views of what an office keeps for the fire job.
_REGISTERS = frozenset({"fires_static", "fires_zones", "fires_scenes"})


def page_map(
    catalog: Catalog,
    *,
    view: str,
    lang: str = "zh",
    provided: frozenset[str] = frozenset(),
    added: Sequence[Mapping[str, Any]] = (),
    base: Mapping[str, Any] | None = None,
    approval: str = "",
) -> MapParts:
    """Compose the map of a view for the server's page.

    Parameters
    ----------
    catalog
        Layers and views; a layer's style, legend and source are read from its own file, nowhere else.
    view
        Id of the view, which is that of its job: ``heating``, ``border`` or ``fires``.
    lang
        ``zh`` or ``en``: every text of the map.
    provided
        Ids of user layers that are there, so that they are drawn instead of shown as missing.
    added
        What the office added, as `geoaq.cards.office_layers.drawn` tells it.
    base
        A base map from outside: ``title``, ``attribution``, ``urls`` (templates with ``{z}``, ``{x}`` and
        ``{y}``, lowest first) and ``max_native_zoom``; without one the map's own layers are its ground.
    approval
        Number of the approval of the map (审图号).

    Raises
    ------
    NotFoundError
        No such view.
    ConfigError
        ``external_address``: an element asks for a file from outside.
    """
    return compose(
        catalog,
        _view(catalog, view),
        lang=lang,
        provided=provided,
        embedded=False,
        added=added,
        outside={"base": dict(base) if base else None, "approval": approval},
    )


def _view(catalog: Catalog, name: str) -> View:
    if name not in catalog.views:
        raise NotFoundError("not_found", what="view", name=name)
    return catalog.views[name]


def compose(
    catalog: Catalog,
    view: View,
    *,
    lang: str,
    provided: frozenset[str],
    embedded: bool,
    added: Sequence[Mapping[str, Any]] = (),
    outside: Mapping[str, Any] | None = None,
) -> MapParts:
    """Compose a view: map, source, layers, points, tools and cards, in that order.

    With ``embedded`` the page answers its own questions, and only the layers in ``provided`` are there.
    ``outside`` is what the settings say of base map and approval.
    """
    from geoaq.maps import elements
    from geoaq.maps.figure import OfflineFigure

    figure = OfflineFigure()
    title = view.title.say(lang)
    room = {"disclaimer": view.disclaimer.say(lang), "title": title, "view": view.id}
    room |= outside or {"base": None, "approval": ""}
    chart = elements.RoomMap(
        view.bounds, label=title, strings=client_strings(lang, view.id), lang=lang, room=room
    )
    figure.add_child(chart)
    chart.add_child(elements.EmbeddedSource() if embedded else elements.Source())
    specs = layer_specs(catalog, view, lang=lang, provided=provided, shipped=not embedded)
    if not embedded:
        chart.add_child(elements.Tiles())
    if view.id == _FIRES:
        return _with_fires(figure, chart, with_added(specs, added))
    if view.id in _REGISTERS:
        return _with_register(figure, chart, with_added(specs, added), view.id)
    chart.add_child(elements.Layers(layers=with_added(specs, added)))
    chart.add_child(elements.Points())
    if view.id == "border":
        chart.add_child(elements.Downwind())
    chart.add_child(elements.Tools())
    if not embedded:
        chart.add_child(elements.BaseMap())
    chart.add_child(elements.Printing())
    if not embedded:
        chart.add_child(elements.Permalink())  # before the cards: they draw the filters that it restores
    chart.add_child(elements.Cards())
    chart.add_child(elements.Years())
    if not embedded:
        chart.add_child(elements.PointQuery())
        chart.add_child(elements.Upload())
        chart.add_child(elements.OfficeLayers())
        if view.id == "border":
            chart.add_child(elements.Site())
    chart.add_child(elements.Ready())
    return figure.parts()


def _with_fires(figure: OfflineFigure, chart: RoomMap, specs: list[dict[str, Any]]) -> MapParts:
    """Compose the rest of the fire map: its pixels in place of a list, time in place of years."""
    from geoaq.maps import elements, fire_elements

    for element in (
        fire_elements.Fires(),
        elements.Layers(layers=specs),
        elements.Tools(),
        elements.BaseMap(),
        elements.Printing(),
        elements.Permalink(),
        fire_elements.FireCards(),
        elements.PointQuery(),
        elements.Ready(),
    ):
        chart.add_child(element)
    return figure.parts()


def _with_register(figure: OfflineFigure, chart: RoomMap, specs: list[dict[str, Any]], view: str) -> MapParts:
    """Compose the map of a register that an office looks over and adds to."""
    from geoaq.maps import elements, fire_elements

    first, cards = {
        "fires_static": (fire_elements.StaticSources, fire_elements.StaticCards),
        "fires_zones": (fire_elements.Zones, fire_elements.ZoneCards),
        "fires_scenes": (fire_elements.Scene, fire_elements.SceneCards),
    }[view]
    for element in (
        first(),
        elements.Layers(layers=specs),
        elements.Tools(),
        elements.BaseMap(),
        elements.Printing(),
        cards(),
        elements.OfficeLayers(),
        elements.Ready(),
    ):
        chart.add_child(element)
    return figure.parts()


def layer_specs(
    catalog: Catalog, view: View, *, lang: str, provided: frozenset[str], shipped: bool
) -> list[dict[str, Any]]:
    """Return what the client needs to know of each layer of a view, bottom layer first.

    A layer is there when it is in ``provided`` or, with ``shipped``, when the product builds it itself;
    without ``shipped`` such a layer that is not in ``provided`` is no gap in the data, and left out. What a
    screening draws comes with its head.
    """

    def built(layer: Layer) -> bool:
        return shipped and layer.provided and layer.made_from != "screening"

    return [
        _spec(catalog.layer(entry.layer), lang)
        | {
            "visible": entry.visible,
            "min_zoom": entry.min_zoom,
            "provided": entry.layer in provided or built(catalog.layer(entry.layer)),
            "tiled": built(catalog.layer(entry.layer)) and _is_tiled(catalog.layer(entry.layer)),
        }
        for entry in view.layers
        if shipped or entry.layer in provided or not catalog.layer(entry.layer).provided
    ]


def _is_tiled(layer: Layer) -> bool:
    return layer.geometry in _TILED and layer.made_from != "fires"


def _spec(layer: Layer, lang: str) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": layer.title.say(lang),
        "geometry": layer.geometry,
        "made_from": layer.made_from,
        "group": group_of(layer),
        "style": _style(layer.style),
        "legend": [
            {"title": entry.title.say(lang), "style": _style(entry.style), "when": dict(entry.when)}
            for entry in layer.legend
        ],
        "source": layer.source.say(lang),
        "attribution": layer.attribution.say(lang),
        "date": layer.date,
        "accuracy": layer.accuracy.say(lang),
        "notes": [note.say(lang) for note in layer.notes],
        "add": layer.add.say(lang) if layer.add else None,
    }


def _style(style: Style) -> dict[str, Any]:
    return style.model_dump(mode="json")
