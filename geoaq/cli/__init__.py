"""The command line: one of two doors to the same flows; text is made here, in the user's language."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

import geoaq.cli.compare as compare
import geoaq.cli.fires as fires
import geoaq.cli.fires_areas as fires_areas
import geoaq.cli.fires_bulletin as fires_bulletin
import geoaq.cli.fires_demonstration as fires_demonstration
import geoaq.cli.fires_detect as fires_detect
import geoaq.cli.fires_events as fires_events
import geoaq.cli.fires_judging as fires_judging
import geoaq.cli.fires_pull as fires_pull
import geoaq.cli.fires_scene_sample as fires_scene_sample
import geoaq.cli.layers as layers
import geoaq.cli.lists as lists
import geoaq.cli.point as point
import geoaq.cli.policy as policy
import geoaq.cli.screen as screen
import geoaq.cli.sheet as sheet
import geoaq.cli.zones as zones
from geoaq import __version__
from geoaq.cli.language import language
from geoaq.errors import GeoaqError
from geoaq.wording import say

app = typer.Typer(
    name="geoaq",
    help="按文件条款筛查燃煤锅炉、项目和火点：距离准确、依据可查。 Which rule reaches this boiler, and why.",
    no_args_is_help=True,
    rich_markup_mode=None,  # its tables cut Chinese sentences off, for want of spaces to break at
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(screen.app, name="screen")
app.add_typer(sheet.app, name="sheet")
app.add_typer(layers.app, name="layers")
app.add_typer(policy.app, name="policy")
app.add_typer(fires.app, name="fires")
app.add_typer(zones.app, name="zones")
fires.app.command("bulletin")(fires_bulletin.bulletin)
fires.app.command("table", hidden=True)(fires_bulletin.table)
fires.app.command("judge")(fires_judging.judge)
fires.app.add_typer(fires_areas.app, name="areas")
fires.app.command("events")(fires_events.events)
fires.app.command("detect")(fires_detect.detect)
fires.app.command("scene-sample")(fires_scene_sample.scene_sample)
fires.app.command("pull")(fires_pull.pull)
fires.app.command("demonstration")(fires_demonstration.demonstrate)
app.command("point")(point.point)
app.command("compare")(compare.compare)
app.command("datum")(lists.datum)
app.command("template")(lists.template)
app.command("sample")(lists.sample)


@app.command()
def serve(
    host: Annotated[
        str | None,
        typer.Option(help="监听地址，仅限本机，默认 127.0.0.1。 Loopback only until accounts exist."),
    ] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认 5000。 Port.")] = None,
) -> None:
    """启动网页服务。 Serve the map and the pages on this machine."""
    from web.server import serve as run

    run(host, port, started=lambda address: typer.echo(say("cli.serving", language(), address=address)))


@app.command()
def version() -> None:
    """版本号。 Print the version."""
    typer.echo(__version__)


def main(argv: list[str] | None = None) -> int:
    """Run one command; return 0, 130 (stopped) or 2 (something the user can mend, said on standard error)."""
    try:
        app(argv)
    except GeoaqError as error:
        _leave_word(error)
        typer.echo(error.message(language()), err=True)
        return 2
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _leave_word(error: GeoaqError) -> None:
    """Write the error's code and parameters beside the progress file, for whoever started this process."""
    progress_file = screen.progress_file_of(sys.argv)
    if progress_file is not None:
        word = json.dumps({"code": error.code, "params": error.params}, ensure_ascii=False, default=str)
        Path(progress_file).with_name("error.json").write_text(word, "utf-8")
