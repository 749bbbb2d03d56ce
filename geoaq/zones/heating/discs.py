"""The picture: a disc about every plant that is large enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoaq.geodesy import disc
from geoaq.zones.heating.anchors import Reading, capacity, is_confirmed, text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def delineate(plants: pd.DataFrame, *, radius_km: float, min_mw: float, reading: Reading) -> GeoDataFrame:
    """Draw the heating discs of the plants that are large enough.

    Parameters
    ----------
    plants
        As the contract `geoaq.frames.PLANTS`.
    radius_km, min_mw, reading
        As in `screen`.

    Returns
    -------
    GeoDataFrame
        WGS 84: ``plant_id name anchor_mw reading confirmed heat_evidence radius_km geometry``, in the
        order of ``plants``. A picture: verdicts come from `screen`.
    """
    import geopandas as gpd

    mw = capacity(plants, min_mw, reading)
    chosen = plants[mw >= min_mw]
    return gpd.GeoDataFrame(
        {
            "plant_id": text(chosen, "plant_id"),
            "name": text(chosen, "name"),
            "anchor_mw": mw[mw >= min_mw],
            "reading": reading,
            "confirmed": is_confirmed(chosen),
            "heat_evidence": text(chosen, "heat_evidence"),
            "radius_km": radius_km,
        },
        geometry=[
            disc(lon, lat, radius_m=radius_km * 1000.0)
            for lon, lat in zip(chosen["lon"], chosen["lat"], strict=True)
        ],
        crs="EPSG:4326",
    )
