"""How old the detections are that a map shows, so that a late feed never seems live."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from geoaq.cards import fires as cards
from geoaq.flows.fires.demonstration import demonstration
from geoaq.tiles import tally
from geoaq.tiles.points import PointSource
from web.fire_feed import failure_told
from web.rooms import rooms
from web.views import catalog

# Detections that are older than this are no present state: the map then opens on their last days.
_PRESENT_S = 3 * 86_400
_DAY_S, _EAST_S = 86_400, 8 * 3600


def told(source: PointSource, *, whole: bool, now: int, lang: str) -> dict[str, Any]:
    """Return the state of the map.

    Parameters
    ----------
    source
        Its pixels.
    whole
        Whether the store holds nothing else.
    now
        Seconds since 1970 UTC.

    Returns
    -------
    dict
        ``state`` (another word whenever a tile could be another), ``whole``, ``pixels``, ``now``, ``live``,
        ``end`` (of the span that the map shows at first, seconds), ``newest`` (by source: ``text``, ``at``),
        ``received`` (when a list last came in, or None), ``judged`` (whether any pixel ever was),
        ``demonstration`` (a note, or ""), ``failed`` (what could not be made ready or judged, or "").
    """
    ends = tally.newest(source, "satellite")
    last = max(ends.values(), default=0)
    is_live = now - last <= _PRESENT_S
    lists, demonstrating = rooms().fires.store.manifest.ingests(), rooms().fires.demonstration
    return {
        "state": source.version,
        "whole": whole,
        "pixels": len(source),
        "now": now,
        "live": is_live,
        "end": now if is_live else _end_of_day(last),
        "newest": [
            {"value": word, "text": cards.source_name(word, "", lang), "at": at}
            for word, at in sorted(ends.items(), key=lambda one: (-one[1], one[0]))
        ],
        "received": max((one.ingested_at for one in lists), default=None),
        "judged": rooms().fires.judged,
        "demonstration": _note(lang) if demonstrating else "",
        "failed": failure_told(own=bool(len(source)) and not demonstrating),
    }


def _end_of_day(moment: int) -> int:
    """Return the midnight of Beijing time after a moment."""
    return (moment + _EAST_S) // _DAY_S * _DAY_S + _DAY_S - _EAST_S


@lru_cache(maxsize=2)
def _note(lang: str) -> str:
    return demonstration(catalog().data_dir).note[lang]
