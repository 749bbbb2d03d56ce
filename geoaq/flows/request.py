"""What a screening is asked: everything that its answer depends on, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from geoaq.catalog import Catalog

Progress = Callable[[str, int, int], None]
Format = Literal["csv", "parquet", "xlsx", "geojson", "gpkg", "map"]
FORMATS: tuple[Format, ...] = ("csv", "parquet", "xlsx", "geojson", "gpkg", "map")

# A workbook or a GeoPackage of more rows than this serves nobody; csv and parquet have no limit.
MOST_ROWS_IN_A_DOCUMENT = 100_000


@dataclass(frozen=True)
class Request:
    """What every screening is asked, whatever its list holds.

    Parameters
    ----------
    path
        The office's list.
    as_of
        政策基准日: the rules in force on this day decide.
    layers_dir
        The built layers.
    catalog
        The declared layers, products and the policy folder.
    datum
        Datum of the coordinates where the list does not state one; None: unstated, with a wider margin.
    user_layers
        Files by layer id: heat_network, built_up, zj_heat_range (polygons), attainment (table).
    layer_complete
        By layer id, GB/T 2260 codes of areas in which that layer leaves nothing out: who lies there outside
        its polygons is outside. Counties that the layer touches need no such word.
    formats
        Which files to write besides summary.json and issues.csv.
    lang
        Language of the workbook and the map: zh or en.
    """

    path: Path
    as_of: date
    layers_dir: Path
    catalog: Catalog
    datum: str | None = None
    user_layers: Mapping[str, Path] = field(default_factory=dict)
    layer_complete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formats: tuple[Format, ...] = FORMATS
    lang: str = "zh"


@dataclass(frozen=True)
class ScreeningRequest(Request):
    """One screening of boilers or units: a list, the day, and what the office adds.

    Parameters
    ----------
    plants
        The office's own plant list, added to the shipped one (a plant of the same id is replaced), or None.
    plants_only
        True: the office's list stands alone, the shipped one is set aside.
    complete_for
        GB/T 2260 codes of areas for which the office declares its list of anchors complete.
    """

    plants: Path | None = None
    plants_only: bool = False
    complete_for: tuple[str, ...] = ()


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Report to nobody."""
