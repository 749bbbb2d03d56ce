"""``geoaq fires detect``: search a scene for fires and write what was found as a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.fires import opened
from geoaq.cli.fires_judging import judged
from geoaq.cli.language import language
from geoaq.cli.progress import Progress, shown
from geoaq.errors import InputError
from geoaq.wording import say

Scene = Annotated[
    list[Path],
    typer.Argument(
        help="一景影像的全部文件（波段、定位）。 All files of one scene: bands and places.", metavar="SCENE"
    ),
]
Product = Annotated[
    str | None,
    typer.Option(help="影像产品，默认按文件名和内容识别。 Kind of scene; found by its files.", metavar="ID"),
]
Out = Annotated[
    Path | None,
    typer.Option(help="写到此文件夹（须不存在），默认留存并上网页。 Folder to write.", metavar="FOLDER"),
]
Before = Annotated[
    list[Path] | None,
    typer.Option(
        help="静止卫星：此前10天内同时次、同格网影像，可多次给出。 Same slot of an earlier day; repeatable.",
        metavar="EARLIER",
    ),
]
Ingest = Annotated[bool, typer.Option("--ingest", help="火点同时入库、研判。 Take the fires in, too.")]
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


def detect(
    scene: Scene,
    product: Product = None,
    out: Out = None,
    before: Before = None,
    ingest: Ingest = False,
    progress_file: ProgressFile = None,
) -> None:
    """在一景影像中探测火点：火点表、掩膜、图件、报告。 Search a scene for fires."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.detecting import detect_files
    from geoaq.flows.fires.scene_report import flag_texts, title_of
    from geoaq.settings import data_dir
    from geoaq.store.scenes import Scenes

    lang, catalog = language(), Catalog.load()
    if product is not None and product not in catalog.scenes:
        known = ", ".join(sorted(catalog.scenes))
        raise InputError("bad_option", option="--product", value=product, expected=known)
    kept, folder = ("", out) if out is not None else Scenes(data_dir()).new()
    with shown(lang, progress_file) as progress:
        report = detect_files(
            scene, product=product, catalog=catalog, out=folder, lang=lang, progress=progress,
            before=before or (),
        )  # fmt: skip
    title = title_of(report, lang)
    typer.echo(say("detect.done", lang, title=title, fires=report["fires"], **report["grades"]))
    for text in flag_texts(report, lang):
        typer.echo(say("detect.warning", lang, text=text))
    if kept:
        typer.echo(say("detect.kept", lang, path=folder, page=f"/fires/scenes/{kept}"))
    else:
        typer.echo(say("cli.written", lang, path=folder))
    typer.echo(say("detect.careful", lang))
    if ingest:
        with shown(lang, progress_file) as progress:
            _taken_in(folder / "fires.csv", title, lang, progress)


def _taken_in(path: Path, title: str, lang: str, progress: Progress) -> None:
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.ingest import ingest_files

    now = int(datetime.now(UTC).timestamp())
    with opened() as store:
        for outcome in ingest_files(
            store, [path], product=Catalog.load().products["fire_list"], source=title, fetched_at=now,
            progress=progress,
        ):  # fmt: skip
            taken = outcome.taken
            word = "fires_taken" if taken.new else "fires_known"
            counts = {"rows": taken.ingest.rows, "parts": taken.changed, "issues": taken.ingest.issues}
            typer.echo(say(f"cli.{word}", lang, name=path.name, **counts))
        judged(store, progress)
