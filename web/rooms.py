"""What every view of one application may ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from flask import Response, current_app

from geoaq.errors import NotFoundError
from geoaq.store.attempts import Attempt, Attempts
from geoaq.store.office_layers import OfficeLayers
from geoaq.store.screenings import Screening, Screenings
from geoaq.store.shelf import Shelf
from geoaq.store.trash import Trash
from web.fire_room import FireRoom
from web.jobs import Jobs
from web.settings import Settings
from web.space import Space
from web.workshop import Workshop

Words = ParamSpec("Words")


@dataclass(frozen=True)
class Rooms:
    """The settings, the stores, the jobs, the workshop, the disk space and the fires of one application."""

    settings: Settings
    attempts: Attempts
    screenings: Screenings
    jobs: Jobs
    workshop: Workshop
    space: Space
    fires: FireRoom

    @property
    def trash(self) -> Trash:
        """Return what was deleted and can still be brought back."""
        return Trash(self.settings.data)

    @property
    def office_layers(self) -> OfficeLayers:
        """Return the layers that the office added."""
        return OfficeLayers(self.settings.data)

    @property
    def shelf(self) -> Shelf:
        """Return where screenings can be read, also those whose documents are still being written."""
        return Shelf(self.screenings, self.attempts)

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


def of_screening(view: Callable[Concatenate[Screening, Words], Response]) -> Callable[..., Response]:
    """Hand a view the screening that its address names, wherever that can be read now.

    The view runs again when the folder moved while it was read: it must not open what it answers with.
    """

    @wraps(view)
    def seen(screening_id: str, *args: Words.args, **words: Words.kwargs) -> Response:
        return rooms().shelf.read(screening_id, lambda one: view(one, *args, **words))

    return seen
