"""The trash: what was deleted, put back or removed for good; and the way back right after a deletion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, session, url_for

from geoaq.cards import heads
from geoaq.errors import NotFoundError
from geoaq.store.trash import Deleted
from web.language import reader, text
from web.rooms import rooms

# Deletions that the next page offers to take back.
_UNDO = "undo"


def add_rules(blueprint: Blueprint) -> None:
    """Give the pages of screenings those of their trash."""
    blueprint.add_url_rule("/trash", "trash", listed)
    blueprint.add_url_rule("/<screening_id>/delete", "delete", delete, methods=["POST"])
    blueprint.add_url_rule("/trash/<deleted_id>/restore", "restore", restore, methods=["POST"])
    blueprint.add_url_rule("/trash/<deleted_id>/remove", "remove", remove, methods=["POST"])
    blueprint.add_url_rule("/trash/empty", "empty_trash", empty, methods=["POST"])


def delete(screening_id: str) -> Response:
    """Move a screening into the trash, and offer to take that back."""
    here = rooms()
    here.shelf.require_in_place(screening_id)
    now = datetime.now(UTC)
    gone = here.trash.put(screening_id, now=now)
    here.trash.purge(now=now, days=here.settings.trash_days)
    here.space.forget()
    session[_UNDO] = gone.id
    return make_response(redirect(url_for("screenings.listed"), 303))


def undoable() -> Deleted | None:
    """Return the deletion that this reader just made, once; None where there is none to take back."""
    deleted_id = session.pop(_UNDO, None)
    if not isinstance(deleted_id, str):
        return None
    try:
        return rooms().trash.get(deleted_id)
    except NotFoundError:  # somebody took it back already
        return None


def listed() -> Response:
    """List what is in the trash, the last deleted first, with the day from which each is gone."""
    here = rooms()
    here.trash.purge(now=datetime.now(UTC), days=here.settings.trash_days)
    kept = timedelta(days=here.settings.trash_days)
    entries = [(one, heads.brief(one.folder, reader()), one.deleted + kept) for one in here.trash.deleted()]
    return make_response(render_template("trash.html", entries=entries, days=here.settings.trash_days))


def restore(deleted_id: str) -> Response:
    """Put a screening back into its place."""
    here = rooms()
    screening_id = here.trash.restore(deleted_id)
    here.space.forget()
    flash(text("restored", title=here.screenings.get(screening_id).title))
    return make_response(redirect(url_for("screenings.listed"), 303))


def remove(deleted_id: str) -> Response:
    """Delete one entry for good."""
    here = rooms()
    title = here.trash.get(deleted_id).title
    here.trash.remove(deleted_id)
    here.space.forget()
    flash(text("removed", title=title))
    return make_response(redirect(url_for("screenings.trash"), 303))


def empty() -> Response:
    """Delete for good all that the trash holds now."""
    here = rooms()
    count = here.trash.empty()
    here.space.forget()
    flash(text("emptied", count=count))
    return make_response(redirect(url_for("screenings.trash"), 303))
