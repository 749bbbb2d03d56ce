"""``geoaq fires demonstration``: the three real days that a new installation shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.fires import opened
from geoaq.cli.fires_judging import judged
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.wording import say

Remove = Annotated[bool, typer.Option("--remove", help="移除演示数据。 Remove it.")]
UnlessOwn = Annotated[bool, typer.Option("--unless-own", hidden=True)]
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


def demonstrate(
    remove: Remove = False, unless_own: UnlessOwn = False, progress_file: ProgressFile = None
) -> None:
    """准备演示数据（2022年4月三日真实火点，单独存放，不与本单位数据混合）。 Make the demonstration ready."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires import demonstration
    from geoaq.settings import data_dir

    lang = language()
    if remove:
        word = "demonstration_removed" if demonstration.remove(data_dir()) else "demonstration_none"
        typer.echo(say(f"feed.{word}", lang))
        return
    if unless_own:
        with opened() as own:
            if own.manifest.sequence():
                return
    catalog = Catalog.load()
    told = demonstration.demonstration(catalog.data_dir)
    with demonstration.open_demonstration(data_dir()) as store, shown(lang, progress_file) as progress:
        demonstration.fill(store, told, catalog.products["fire_list"], progress)
        judged(store, progress)
    typer.echo(told.note[lang])
    typer.echo(told.acknowledgement)
