"""Maps: a view of the catalogue and frames become a folium map, in a page or in one file.

The only room that knows folium. `page_map` composes the map of a job for the server's page,
`standalone` the one-file map that goes with a screening; `point_columns`, `point_labels`, `point_table`,
`parse_area` and `inside` are what the page asks for while it runs. The heavy parts are imported when they are
called.
"""

from __future__ import annotations

from geoaq.maps.points import MAX_POINTS, SIGNS, inside, parse_area, point_columns, point_labels, point_table
from geoaq.maps.room import page_map
from geoaq.maps.standalone import StandaloneMap, standalone
from geoaq.maps.statics import client_strings
from geoaq.settings import static_dir

__all__ = [
    "MAX_POINTS",
    "SIGNS",
    "StandaloneMap",
    "client_strings",
    "inside",
    "page_map",
    "parse_area",
    "point_columns",
    "point_labels",
    "point_table",
    "standalone",
    "static_dir",
]
