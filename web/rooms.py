"""What every view of one application may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from geoaq.store.attempts import Attempts
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


def rooms() -> Rooms:
    """Return the rooms of the application that serves this request."""
    return cast("Rooms", current_app.extensions["geoaq"])
