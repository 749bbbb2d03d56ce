"""Three real days of fires that a new installation shows: in a store of their own, apart from an office's."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geoaq.flows.fires.ingest import Progress, ingest_files
from geoaq.io.lists.product import ListProduct
from geoaq.store.fires.store import FireStore

SOURCE = "demonstration"
_FACTS = "fire-pixels-jilin-heilongjiang-2022-04"


@dataclass(frozen=True)
class Demonstration:
    """What is said of the days that are shown: their table in ``layers/data``, and the texts beside it.

    Attributes
    ----------
    table
        The detections.
    title, note
        By language.
    source, source_url, licence, attribution, acknowledgement
        Where they are from, and what its owner asks to be said.
    date
        The last of the days, ``YYYY-MM-DD``.
    """

    table: Path
    title: dict[str, str]
    note: dict[str, str]
    source: str
    source_url: str
    licence: str
    attribution: str
    acknowledgement: str
    date: str


def demonstration(facts: Path) -> Demonstration:
    """Return what is said of the demonstration.

    Parameters
    ----------
    facts
        ``layers/data``.
    """
    said = tomllib.loads((facts / f"{_FACTS}.toml").read_text("utf-8"))
    kept = {name: said[name] for name in Demonstration.__dataclass_fields__ if name != "table"}
    return Demonstration(facts / f"{_FACTS}.csv", **kept)


def demonstration_dir(data: Path) -> Path:
    """Return the folder of state that holds the demonstration and nothing else, below ``GEOAQ_DATA``."""
    return data / "demonstration"


def has_demonstration(data: Path) -> bool:
    """Say whether the demonstration was made ready in ``GEOAQ_DATA``."""
    return (demonstration_dir(data) / "fires" / "store.json").is_file()


def open_demonstration(data: Path) -> FireStore:
    """Open the store of the demonstration: SQLite in its own folder, whatever the office's database is."""
    return FireStore(demonstration_dir(data), None)


def fill(store: FireStore, shown: Demonstration, product: ListProduct, progress: Progress) -> bool:
    """Take the three days in; say whether they were new.

    Parameters
    ----------
    store
        As `open_demonstration` gives it.
    shown
        What to show.
    product
        The declared list ``fire_list``.
    progress
        As `geoaq.flows.fires.ingest.ingest_files` takes it.
    """
    at = int(datetime.fromisoformat(shown.date).replace(tzinfo=UTC).timestamp())
    (outcome,) = ingest_files(
        store, [shown.table], product=product, source=SOURCE, fetched_at=at, progress=progress
    )
    return outcome.taken.new


def remove(data: Path) -> bool:
    """Remove the demonstration with all that was made from it; say whether there was one."""
    there = demonstration_dir(data).is_dir()
    shutil.rmtree(demonstration_dir(data), ignore_errors=True)
    return there
