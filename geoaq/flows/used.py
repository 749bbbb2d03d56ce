"""What a screening rested on: the plants that came into question, their discs, the office's own areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import report
from geoaq.flows.context import Context
from geoaq.flows.facts import Subject, adopted_reading
from geoaq.flows.job import Screened
from geoaq.zones import heating

# The layers of the map that the files of a screening stand for.
PLANTS_LAYER, DISCS_LAYER = "chp_anchors", "heating_discs"


class Used:
    """Gathers, chunk by chunk, the plants in reach of a subject and the nearest one of each.

    Parameters
    ----------
    context
        What the screening leans on.
    subject
        Boilers or units: whose anchor clause gives radius and capacity.
    """

    def __init__(self, context: Context, subject: Subject) -> None:
        self._context = context
        self._subject: Subject = subject
        self._ids: set[str] = set()

    def note(self, screened: Screened) -> None:
        """Take in one chunk."""
        self._ids.update(screened.pairs["plant_id"].unique())
        self._ids.update(screened.subjects["anchor_id"].unique())

    def plants(self) -> pd.DataFrame:
        """Return the plants so far, in the order of the plant table."""
        plants = self._context.plants
        chosen: pd.DataFrame = plants[plants["plant_id"].isin(self._ids)]
        return chosen.reset_index(drop=True)

    def discs(self) -> Any:
        """Return the discs of `plants` (GeoDataFrame, WGS 84)."""
        pack = self._context.pack
        anchor = pack.anchor(self._subject)
        return heating.delineate(
            self.plants(), radius_km=anchor.radius_km, min_mw=anchor.min_mw, reading=adopted_reading(pack)
        )

    def write(self, folder: Path) -> dict[str, dict[str, Any]]:
        """Write ``plants.geojson``, ``discs.geojson`` and a ``layer-<id>.geojson`` for each own area.

        Returns
        -------
        dict
            The FeatureCollections by id of the layer that they are on the map.
        """
        drawn = {
            PLANTS_LAYER: report.plant_features(self.plants()),
            DISCS_LAYER: report.disc_features(self.discs()),
        }
        names = {PLANTS_LAYER: "plants", DISCS_LAYER: "discs"}
        for name, shapes in sorted(self._context.areas.items()):
            drawn[name] = report.area_features(shapes)
            names[name] = f"layer-{name}"
        for layer, collection in drawn.items():
            report.write_features(folder / f"{names[layer]}.geojson", collection)
        return drawn
