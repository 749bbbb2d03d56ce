"""What several pages show: the catalogue, the composed map, the frame around a page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import render_template

from geoaq.catalog import Catalog
from geoaq.errors import NotFoundError
from geoaq.maps import heating_map
from geoaq.maps.figure import MapParts
from geoaq.store.attempts import Attempt
from geoaq.wording import Lang
from web.language import reader
from web.rooms import rooms


@cache
def catalog() -> Catalog:
    """Return the catalogue of this installation, read once."""
    return Catalog.load()


@lru_cache(maxsize=4)
def composed_map(lang: Lang) -> MapParts:
    """Return the map of the heating job in one language, composed once."""
    return heating_map(catalog(), lang=lang)


def heating_page(attempt: Attempt | None = None, failure: str = "") -> str:
    """Return the page of the heating job: the map, and the card that takes a list in or shows how far it is.

    Parameters
    ----------
    attempt
        The screening under way that the page watches, or that failed.
    failure
        Why it failed, in the reader's language.
    """
    state = "failed" if failure else "none" if attempt is None else "running"
    here = rooms()
    wanted = [
        {"id": layer.id, "title": layer.title.say(reader()), "add": layer.add.say(reader())}
        for layer in catalog().layers.values()
        if layer.add is not None and not layer.provided
    ]
    return render_template(
        "heating.html",
        parts=composed_map(reader()),
        state=state,
        attempt=attempt,
        failure=failure,
        wanted=wanted,
        recent=here.shelf.list(limit=5),
        limit_mb=here.settings.upload_mb,
        today=datetime.now(timezone(timedelta(hours=8))).date().isoformat(),
    )


@lru_cache(maxsize=16)
def blank_list(kind: str, lang: Lang) -> bytes:
    """Return an empty workbook to fill in: ``boilers``, ``plants`` or ``units``.

    Raises
    ------
    NotFoundError
        ``no_file``: no such list.
    """
    from geoaq import flows

    for product in catalog().products.values():
        if product.contract == kind:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "list.xlsx"
                flows.write_template(path, product, lang)
                return path.read_bytes()
    raise NotFoundError("no_file")


def shown_size(path: Path) -> str:
    """Return the size of a file as it is shown."""
    size = path.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
