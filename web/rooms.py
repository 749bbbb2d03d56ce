"""What every view of one application may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from geoaq.errors import NotFoundError
from geoaq.store.attempts import Attempt, Attempts
from geoaq.store.screenings import Screenings
from web.jobs import Jobs
from web.settings import Settings


@dataclass(frozen=True)
class Rooms:
    """The settings, the stores and the jobs of one application."""

    settings: Settings
    attempts: Attempts
    screenings: Screenings
    jobs: Jobs

    def under_way(self, screening_id: str) -> Attempt | None:
        """Return a screening under way, or None when it is done.

        Raises
        ------
        NotFoundError
            ``no_screening``: neither.
        """
        if self.screenings.has(screening_id):
            return None
        try:
            return self.attempts.get(screening_id)
        except NotFoundError:
            if self.screenings.has(screening_id):  # put into place between the two looks
                return None
            raise


def rooms() -> Rooms:
    """Return the rooms of the application that serves this request."""
    return cast("Rooms", current_app.extensions["geoaq"])
