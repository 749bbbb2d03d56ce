"""``geoaq fires bulletin``: the bulletin of an area, a day, a week or any days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoaq.cli.days import AsOf, day_of
from geoaq.cli.fires_judging import judged
from geoaq.cli.language import language
from geoaq.cli.progress import shown
from geoaq.errors import InputError
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.report.sheet.words import Words
    from geoaq.store.fires.store import FireStore

Out = Annotated[Path, typer.Option(help="结果文件夹（须不存在）。 Folder to make.")]
Area = Annotated[
    str,
    typer.Option(help="省、设区市或县的行政区划代码，全国为 100000。 Code of the area.", metavar="ADCODE"),
]
Day = Annotated[
    str | None, typer.Option(help="日报：前一日17时至当日17时（北京时间）。 The day of report of a date.")
]
Week = Annotated[str | None, typer.Option(help="周报：含该日的周一至周日。 The week that holds a date.")]
First = Annotated[str | None, typer.Option("--from", help="任意时段的首个通报日。 First day of any days.")]
Last = Annotated[str | None, typer.Option("--to", help="末个通报日，含当日。 Last day, included.")]
EndsAt = Annotated[
    int | None, typer.Option(help="通报日截止时刻（1–24时），默认17。 Hour at which a day of report ends.")
]
Arable = Annotated[
    Path | None, typer.Option(help="耕地面积表；不给则用土地覆盖粗略推算。 Arable land by county.")
]
Clouds = Annotated[Path | None, typer.Option(help="分县分日云覆盖表；不给则为未知。 Cloud cover.")]
Checks = Annotated[
    Path | None, typer.Option(help="火情核查表；只有已核实的火点参与排名。 What was found on the spot.")
]
Only = Annotated[
    str | None, typer.Option(help="只生成 json、xlsx、pdf 或 html（逗号分隔）。 Only these, comma-separated.")
]
Lang = Annotated[str | None, typer.Option(help="zh 或 en，默认取 GEOAQ_LANG。 Language.")]
Demonstration = Annotated[
    bool, typer.Option(help="用自带的三天示范数据。 Of the three days that ship with the product.")
]
# Whoever starts this process finds its error beside this file.
ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]


def bulletin(
    area: Area,
    out: Out,
    day: Day = None,
    week: Week = None,
    first: First = None,
    last: Last = None,
    ends_at: EndsAt = None,
    arable: Arable = None,
    clouds: Clouds = None,
    checks: Checks = None,
    as_of: AsOf = None,
    only: Only = None,
    lang: Lang = None,
    demonstration: Demonstration = False,
    progress_file: ProgressFile = None,
) -> None:
    """火情日报、周报：排名只计已核实火点，未观测不等于无火。 Bulletin: xlsx, PDF, HTML, JSON."""
    from geoaq.catalog import Catalog
    from geoaq.cli.fires import stale_verdicts
    from geoaq.flows.fires.bulletin import (
        BulletinRequest,
        bulletin_rule,
        kept_tables,
        kept_towns,
        make_bulletin,
        period_of,
        write_bulletin,
    )
    from geoaq.settings import data_dir

    catalog, data = Catalog.load(), data_dir()
    rule, _ = bulletin_rule(catalog.policy_dir)
    period = period_of(
        rule,
        day=_date("--day", day),
        week=_date("--week", week),
        first=_date("--from", first),
        last=_date("--to", last),
        ends_at=ends_at,
    )
    kinds = _kinds(only)
    given = {"arable": arable, "clouds": clouds, "checks": checks}
    kept = {} if demonstration else kept_tables(data)
    tables = {name: path or kept.get(name) for name, path in given.items()}
    # Without a day of its own a bulletin is of the day that it ends with, so that it is the same tomorrow.
    printed = day_of(as_of) if as_of else period.last
    request = BulletinRequest(period, area, printed, **tables, towns=kept_towns(data))
    store, remarks = _store(catalog.data_dir, demonstration=demonstration)
    with store, shown(lang or language(), progress_file) as progress:
        if stale_verdicts(store):
            judged(store, progress)
        made = make_bulletin(
            store,
            request,
            catalog=catalog,
            layers_dir=data / "layers",
            cache_dir=data / "cache" / "counties",
            progress=progress,
            remarks=remarks,
        )
    write_bulletin(made, out, lang or language(), most=rule.page_rows, only=kinds)
    typer.echo(say("cli.written", lang or language(), path=out))


def table(
    what: Annotated[str, typer.Argument(help="arable、clouds 或 checks。 Which table.")],
    file: Annotated[Path, typer.Argument(help="表格文件。 The file.", metavar="FILE")],
    out: Out,
    progress_file: ProgressFile = None,
) -> None:
    """检查通报用的资料表，不保存。 Look a table for the bulletin through."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.bulletin.tables import look_through

    with shown(language(), progress_file):
        look_through(what, file, Catalog.load().products, out)


def _store(facts: Path, *, demonstration: bool) -> tuple[FireStore, tuple[Words, ...]]:
    """Return the store that is asked for, and what is to be said of it."""
    from geoaq.cli.fires import opened
    from geoaq.flows.fires.demonstration import demonstration as told
    from geoaq.flows.fires.demonstration import open_demonstration
    from geoaq.report.sheet.words import Words
    from geoaq.settings import data_dir

    if not demonstration:
        return opened(), ()
    return open_demonstration(data_dir()), (Words(**told(facts).note),)


def _kinds(text: str | None) -> tuple[str, ...]:
    from geoaq.flows.fires.bulletin import KINDS

    kinds = KINDS[:4] if text is None else tuple(filter(None, text.split(",")))
    if not kinds or not set(kinds) <= set(KINDS):
        raise InputError("bad_option", option="--only", value=text, expected=",".join(KINDS[:4]))
    return kinds


def _date(option: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError("bad_option", option=option, value=text, expected="YYYY-MM-DD") from None
