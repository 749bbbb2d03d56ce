"""``geoaq fires scene-sample``: a synthetic scene with its truth, for trying an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.language import language
from geoaq.wording import say

Folder = Annotated[Path, typer.Argument(help="写到此文件夹。 Folder to write to.", metavar="DIR")]
Sensor = Annotated[str, typer.Option(help="传感器：viirs_i 或 modis。 Sensor.")]
Rows = Annotated[int, typer.Option(help="行数，须为整扫描（viirs_i 为 32 行的倍数）。 Rows: whole scans.")]
Seed = Annotated[int, typer.Option(help="随机种子，相同则文件相同。 Same seed, same files.")]
Night = Annotated[bool, typer.Option("--night", help="夜间影像。 A scene of the night.")]


def scene_sample(
    folder: Folder, sensor: Sensor = "viirs_i", rows: Rows = 320, seed: Seed = 1, night: Night = False
) -> None:
    """生成合成影像及其真值表，用于检验本机安装（非真实观测）。 Write a synthetic scene and its truth."""
    from geoaq.flows.fires.scene_sample import write_sample

    sample = write_sample(folder, sensor=sensor, rows=rows, seed=seed, night=night)
    for path in (sample.scene, sample.truth):
        typer.echo(say("cli.written", language(), path=path))
    typer.echo(say("detect.synthetic", language()))
