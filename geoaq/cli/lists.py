"""Commands about lists: which datum a list is in, an empty template, a synthetic sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoaq.cli.language import language
from geoaq.errors import InputError

Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]

Product = Annotated[
    str,
    typer.Option(
        help="清单种类：boiler_list 锅炉，unit_list 小热电和自备机组，plant_list 热电联产电厂，"
        "project_list 建设项目，attainment_list 城市达标情况，wind_table 风资料，"
        "fire_list 火点清单，zone_list 禁烧区和许可，area_list 乡镇、行政村、网格，arable_list 耕地面积，"
        "cloud_list 云覆盖，check_list 核实情况。 Which list."
    ),
]
Sampled = Annotated[str, typer.Option(help="清单种类：boiler_list 锅炉，project_list 建设项目。 Which list.")]


def datum(
    path: Annotated[Path, typer.Argument(help="锅炉清单。 Boiler list.", metavar="LIST")],
    lang: Lang = None,
) -> None:
    """判断清单最可能的坐标系，并列出依据。 Say which datum a list is likely in, with the evidence."""
    from geoaq import flows
    from geoaq.catalog import Catalog
    from geoaq.settings import data_dir

    for line in flows.datum_lines(path, Catalog.load(), data_dir() / "layers", lang or language()):
        typer.echo(line)


def template(
    out: Annotated[Path, typer.Argument(help="要生成的 xlsx。 Workbook to write.")],
    product: Product = "boiler_list",
    lang: Lang = None,
) -> None:
    """生成空白模板。 Write an empty template."""
    from geoaq import flows
    from geoaq.catalog import Catalog

    products = Catalog.load().products
    if product not in products:
        raise InputError("bad_option", option="--product", value=product, expected=", ".join(products))
    flows.write_template(out, products[product], lang or language())


def sample(
    out: Annotated[Path, typer.Argument(help="要生成的 xlsx 或 csv。 File to write.")],
    rows: Annotated[int, typer.Option(help="行数。 Rows.")] = 200,
    seed: Annotated[int, typer.Option(help="随机种子。 Seed.")] = 1,
    product: Sampled = "boiler_list",
) -> None:
    """生成合成的示例清单（非真实数据）。 Write a SYNTHETIC list to try things with."""
    from geoaq import flows

    writers = {"boiler_list": flows.write_sample, "project_list": flows.write_project_sample}
    if product not in writers:
        raise InputError("bad_option", option="--product", value=product, expected=", ".join(writers))
    writers[product](out, rows, seed=seed)
