"""The shipped table of coal power plants, placed into provinces, as a frame of plants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.findings import UNKNOWN
from geoaq.frames import PLANTS
from geoaq.io.built import read_facts
from geoaq.zones.admin import AdminIndex


def shipped_plants(data_dir: Path, index: AdminIndex) -> pd.DataFrame:
    """Return the shipped plants, columns of `geoaq.frames.PLANTS`, by identity.

    None is confirmed as a CHP plant: that is the office's word. Whether one is dispatched is not known.
    """
    facts = read_facts(data_dir / "coal-power-plants.csv")
    facts = facts.sort_values("plant_id", kind="stable", ignore_index=True)
    located = index.locate(facts["lon"].to_numpy(), facts["lat"].to_numpy())
    plants = facts.assign(
        name=facts["name_zh"].where(facts["name_zh"] != "", facts["name_en"]),
        fuel="coal",
        dispatched=np.full(len(facts), UNKNOWN, np.int8),
        confirmed_document="",
        confirmed_issuer="",
        province_adcode=index.names(located)["province_adcode"].astype(object),
    )
    return plants[list(PLANTS.names)]
