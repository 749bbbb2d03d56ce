"""What else an event may lie in: the counties of its other pixels, and those that its ground reaches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.geodesy.ellipsoid import METRES_PER_DEGREE
from geoaq.zones import admin, noburn
from geoaq.zones.admin import AdminIndex

# Stands for a county that nobody can name: it is in no region and in no province.
_SOMEWHERE = "000000"
# So many places round an event are asked whether they lie in any county.
_AROUND = 16


def alternatives(
    events: pd.DataFrame, fires: noburn.Fires, counties: AdminIndex | None, second: AdminIndex | None
) -> pd.DataFrame:
    """Return ``adcode alternatives boundary_reason`` of each event, as rules ask for them.

    Parameters
    ----------
    events
        ``adcode counties disputed_border``.
    fires
        The same events, with the reach of their ground.
    counties, second
        As of `geoaq.flows.fires.bans.judge_events`.
    """
    codes, words = pd.factorize(events["counties"].astype(object).fillna(""))
    listed = [tuple(part.partition("=")[0] for part in str(word).split(";") if part) for word in words]
    adcode = events["adcode"].astype(object).fillna("").to_numpy()
    others = np.full(len(events), "", object)
    reason = np.full(len(events), "", object)
    several = np.array([len(one) > 1 for one in listed], bool)[codes] if listed else np.zeros(0, bool)
    for at in np.flatnonzero(several):
        others[at] = ";".join(sorted(set(listed[codes[at]]) - {adcode[at]}))
    reason[others != ""] = "inside_margin"
    disputed = np.flatnonzero(events["disputed_border"].to_numpy(bool))
    if counties is None:
        lone = disputed[others[disputed] == ""]
        others[lone], reason[lone] = _SOMEWHERE, "inside_margin"
    elif len(disputed):
        places = pd.DataFrame({"lon": fires.lon[disputed], "lat": fires.lat[disputed]})
        found = admin.attach(places, counties, second, u_m=fires.reach_m[disputed])
        told = (
            found[name].astype(object).to_numpy() for name in ("adcode", "alternatives", "boundary_reason")
        )
        abroad = _beyond(fires, disputed, counties)
        for at, home, near, why, beyond in zip(disputed, *told, abroad, strict=True):
            every = {home, *near.split(";"), *others[at].split(";")} - {"", adcode[at]}
            every |= {_SOMEWHERE} if beyond and adcode[at] else set()
            others[at] = ";".join(sorted(every))
            reason[at] = (reason[at] or why or "inside_margin") if every else ""
    return pd.DataFrame({"adcode": adcode, "alternatives": others, "boundary_reason": reason})


def _beyond(fires: noburn.Fires, rows: npt.NDArray[np.intp], counties: AdminIndex) -> npt.NDArray[np.bool_]:
    """Say of which events the ground reaches where there is no county: abroad, or to sea."""
    turn = 2.0 * np.pi * np.arange(_AROUND) / _AROUND
    high = (fires.reach_m[rows] / METRES_PER_DEGREE)[:, None]
    lat = fires.lat[rows][:, None] + high * np.cos(turn)
    lon = fires.lon[rows][:, None] + high * np.sin(turn) / np.cos(np.radians(fires.lat[rows]))[:, None]
    place = counties.locate(lon.ravel(), lat.ravel()).reshape(lat.shape)
    return np.asarray((place < 0).any(axis=1), np.bool_)
