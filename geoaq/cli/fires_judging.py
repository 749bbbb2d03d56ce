"""``geoaq fires judge``: class, county, event and verdict for what has changed in the store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoaq.cli.fires_spoken import spoken
from geoaq.cli.language import language
from geoaq.cli.progress import Progress, shown
from geoaq.errors import ConfigError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.flows.fires.judging import Judged
    from geoaq.store.fires.store import FireStore


ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


def judge(progress_file: ProgressFile = None) -> None:
    """研判库中有变化的火点：类别、归属、火情、禁烧条款，可中断后续作。 Judge what has changed."""
    from geoaq.cli.fires import opened

    lang = language()
    first = say("cli.fires_judging_begins", lang)
    with opened() as store, shown(lang, progress_file) as bars, spoken(first, lang, bars) as progress:
        done = judge_store(store, progress)
        living = store.count_events()
    typer.echo(say("cli.fires_judged", lang, **done._asdict()))
    typer.echo(say("cli.fires_events_held", lang, count=living))


def judged(store: FireStore, progress: Progress) -> None:
    """Judge what was taken in; where the layers are not built yet, say so: it is done with the next list.

    Parameters
    ----------
    store
        The open store.
    progress
        As `geoaq.flows.fires.judging.judge` takes it.
    """
    try:
        judge_store(store, progress)
    except ConfigError as error:
        if error.code != "layers_not_built":
            raise
        typer.echo(error.message(language()), err=True)


def judge_store(store: FireStore, progress: Progress) -> Judged:
    """Judge by the plans and by what the office has added to them.

    Raises
    ------
    ConfigError
        ``layers_not_built``.
    """
    from geoaq.flows.fires.judging import judge as judge_changes
    from geoaq.flows.fires.office import own_rulebook
    from geoaq.settings import data_dir

    # The first time the lines of counties are made ready, and machine code: half a minute without a report.
    progress("fires_preparing", 0, 1)
    book = own_rulebook(store, data_dir())
    progress("fires_preparing", 1, 1)
    return judge_changes(store, book, now=int(datetime.now(UTC).timestamp()), progress=progress)
