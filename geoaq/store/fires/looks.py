"""What was asked for and answered in whole, also where the answer held no detection.

FIRMS answers in the same way when a satellite saw nothing and when nothing of it was processed. What was
asked for and answered in whole counts as a look, also where the answer was a header alone; whoever reads a
bulletin of the whole country is told that a satellite without one fire in a day may not have worked.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, func, insert, select

from geoaq.store.fires.engine import writing
from geoaq.store.fires.places import Box
from geoaq.store.fires.schema import LOOKS

Span = tuple[int, int]
#: The box that is fetched for the whole country, degrees.
CHINA: Box = (73.0, 18.0, 136.0, 54.0)


class Looks:
    """The looks of one store, in its database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, satellites: Collection[str], span: Span, box: Box) -> None:
        """Note that all detections of satellites in a span (seconds since 1970 UTC) and a box have come.

        The same once more changes nothing.
        """
        names = ("satellite", "since", "until", "west", "south", "east", "north")
        rows = [dict(zip(names, (one, *span, *box), strict=True)) for one in sorted(satellites)]
        with writing(self._engine) as connection:
            there = {tuple(row) for row in connection.execute(select(*(LOOKS.c[name] for name in names)))}
            fresh = [row for row in rows if tuple(row.values()) not in there]
            if fresh:
                connection.execute(insert(LOOKS), fresh)

    def count(self) -> int:
        """Return how many there are: another number whenever one more was noted."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(LOOKS)).scalar_one())

    def whole(self, span: Span, box: Box) -> set[str]:
        """Return the satellites of which everything in a span and a box has come, by one look or several."""
        west, south, east, north = box
        query = select(LOOKS.c.satellite, LOOKS.c.since, LOOKS.c.until).where(
            LOOKS.c.since < span[1], LOOKS.c.until > span[0], LOOKS.c.west <= west, LOOKS.c.south <= south,
            LOOKS.c.east >= east, LOOKS.c.north >= north,
        )  # fmt: skip
        with self._engine.connect() as connection:
            found = sorted(tuple(row) for row in connection.execute(query))
        reached: dict[str, int] = {}
        for satellite, since, until in found:
            now = reached.get(satellite, span[0])
            if since <= now:
                reached[satellite] = max(now, until)
        return {satellite for satellite, until in reached.items() if until >= span[1]}
