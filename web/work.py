"""The jobs that pages offer: where each is, what it takes in, and by which command it is done."""

from __future__ import annotations

from dataclasses import dataclass

LISTS = (".xlsx", ".xls", ".csv")
TABLES = (".xlsx", ".xls", ".csv")
SPATIAL = (".gpkg", ".zip", ".geojson", ".json", ".kml")
# Other screenings that one screening may be looked at together with.
MOST_BESIDE = 10
GRIDS = (".nc", ".grib", ".grib2", ".grb", ".grb2")


@dataclass(frozen=True)
class Work:
    """One job.

    Attributes
    ----------
    view
        Id of its map and of its page's template.
    page
        Endpoint of its page.
    command
        What ``geoaq screen`` is told to read.
    contract
        Contract of the list that it reads; its blank form is offered.
    kinds
        Endings of the files that it takes as a list.
    """

    view: str
    page: str
    command: str
    contract: str
    kinds: tuple[str, ...]


HEATING = Work("heating", "pages.heating", "boilers", "boilers", LISTS)
BORDER = Work("border", "pages.border", "projects", "projects", (*LISTS, *SPATIAL))
WORKS = {work.view: work for work in (HEATING, BORDER)}
