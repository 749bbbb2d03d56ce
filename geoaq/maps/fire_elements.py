"""The elements of the fire job's maps: its pixels, the registers that an office keeps, and their cards."""

from __future__ import annotations

from geoaq.maps.elements import RoomElement, client_files

# The card of layers and search, on every map of the job.
_LAYER_CARD = ("layers.js", "layer-tree.js", "layer-row.js", "search.js", "cards.js")


class Fires(RoomElement):
    """Fire pixels on the map, what of them is asked for, and whether anything is new."""

    call = "use_fires"
    default_js = client_files("fire-room.js", "fire-tiles.js", "fire-signs.js", "fire-points.js")
    default_css = client_files("fires.css")


class FireCards(RoomElement):
    """The cards of the fire map: layers and search, the list, one pixel; time, and how old the data are."""

    call = "add_fire_cards"
    default_js = client_files(
        *_LAYER_CARD,
        "pager.js",
        "linked.js",
        "fire-time.js",
        "fire-list.js",
        "fire-card.js",
        "fire-here.js",
        "fire-cards.js",
    )


class StaticSources(RoomElement):
    """The register of static heat sources on the map."""

    call = "use_static_sources"
    default_js = client_files("fire-signs.js", "static-sources.js")
    default_css = client_files("fire-office.css")


class StaticCards(RoomElement):
    """The cards on which static heat sources are looked over: layers, the register, one source."""

    call = "add_static_cards"
    default_js = client_files(
        *_LAYER_CARD,
        "pager.js",
        "linked.js",
        "form-send.js",
        "static-list.js",
        "static-card.js",
    )


class Zones(RoomElement):
    """The office's zones and permits on the map."""

    call = "use_zones"
    default_js = client_files("zones-map.js")
    default_css = client_files("fire-office.css")


class ZoneCards(RoomElement):
    """The cards on which zones and permits are kept: layers, the list, one of them, the form."""

    call = "add_zone_cards"
    default_js = client_files(
        *_LAYER_CARD,
        "pager.js",
        "linked.js",
        "form-send.js",
        "zones-list.js",
        "zones-form.js",
        "zones-card.js",
    )


class Scene(RoomElement):
    """One searched scene on the map: 4 µm, mask, fire pixels."""

    call = "use_scene"
    default_js = client_files("fire-signs.js", "scene-map.js")
    default_css = client_files("fire-scene.css")


class SceneCards(RoomElement):
    """The cards of a searched scene: layers, its fire pixels, one of them."""

    call = "add_scene_cards"
    default_js = client_files(
        *_LAYER_CARD,
        "linked.js",
        "scene-cards.js",
    )
