"""What several pages show: the catalogue, the composed map, the frame around a page."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import render_template

from geoaq.cards import heads, intake, office_layers
from geoaq.catalog import Catalog
from geoaq.errors import NotFoundError
from geoaq.maps import page_map
from geoaq.maps.figure import MapParts
from geoaq.store.attempts import Attempt
from geoaq.store.screenings import Screening
from geoaq.wording import Lang
from web.basemap import Basemap
from web.language import reader, today
from web.project_form import project_form
from web.rooms import rooms
from web.work import BORDER, MOST_BESIDE, Work

# Among so many of the newest screenings those of projects are looked for.
_LOOKED_AT = 200


@cache
def catalog() -> Catalog:
    """Return the catalogue of this installation, read once."""
    return Catalog.load()


def composed_map(view: str, lang: Lang) -> MapParts:
    """Return the map of a job in one language, composed once for the layers that the office has added."""
    added = office_layers.drawn(catalog(), rooms().office_layers, lang)
    settings = rooms().settings
    return _composed(view, lang, json.dumps(added), settings.base(), settings.map_approval)


@lru_cache(maxsize=8)
def _composed(view: str, lang: Lang, added: str, base: Basemap | None, approval: str) -> MapParts:
    return page_map(
        catalog(),
        view=view,
        lang=lang,
        added=json.loads(added),
        base=base.options(lang) if base else None,
        approval=approval,
    )


def job_page(work: Work, attempt: Attempt | None = None, failure: str = "") -> str:
    """Return the page of a job: its map, and the card that takes a list in or shows how far it is.

    Parameters
    ----------
    work
        The job.
    attempt
        The screening under way that the page watches, or that failed.
    failure
        Why it failed, in the reader's language.
    """
    state = "failed" if failure else "none" if attempt is None else "running"
    here = rooms()
    return render_template(
        f"{work.view}.html",
        parts=composed_map(work.view, reader()),
        view=work.view,
        form=project_form(catalog(), reader()) if work is BORDER else None,
        state=state,
        attempt=attempt,
        failure=failure,
        wanted=_wanted(work),
        recent=here.shelf.list(limit=5),
        beside=_finished_projects() if work is BORDER else (),
        limits={"limit_mb": here.settings.upload_mb, **intake.row_limits()},
        today=today().isoformat(),
    )


def _finished_projects() -> list[Screening]:
    """Return the newest screenings of projects that are in place."""
    found = (
        one for one in rooms().screenings.list(limit=_LOOKED_AT) if heads.view_of(one.folder) == BORDER.view
    )
    return list(islice(found, MOST_BESIDE))


def _wanted(work: Work) -> list[dict[str, Any]]:
    """Return the layers of a job that the office may give, and which file of each it has added."""
    layers = (catalog().layer(entry.layer) for entry in catalog().views[work.view].layers)
    added = {
        one["id"]: one["office"] for one in office_layers.drawn(catalog(), rooms().office_layers, reader())
    }
    return [
        {
            "id": layer.id,
            "title": layer.title.say(reader()),
            "add": layer.add.say(reader()),
            "office": added.get(layer.id),
        }
        for layer in layers
        if layer.add is not None and not layer.provided
    ]


@lru_cache(maxsize=16)
def blank_list(kind: str, lang: Lang) -> bytes:
    """Return an empty workbook to fill in: ``boilers``, ``plants``, ``units`` or ``projects``.

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
