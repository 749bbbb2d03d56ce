"""The pack on disk: complete, quoted, and refused where it is ill-formed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from geoaq.errors import ConfigError
from geoaq.policy import Pack, check_quotes, load_pack, read_texts
from geoaq.policy.model import Rule, Timing
from geoaq.policy.places import in_region
from geoaq.policy.quotes import plain
from geoaq.policy.terms import Budget
from geoaq.policy.vocabulary import CapacityCondition
from geoaq.wording import catalogue

CHP_AND_CAPTIVE = {"gf.captive.new", "zj.captive.exit", "jl.captive.new", "js.captive.new"}
CONSULTATION = {"gf.border20", "gf.highstack", "zj.border20", "zj.highstack"}
OF_PROJECTS = {"gf.coal.replace.key", "zj.coal.replace.six", "gf.steel.newcap", "js.newcap"}
# GF （四）, which the reading names among what else bars a project without an id of its own
OF_ACCESS = {"gf.project.swap", "gf.project.reduction"}
ZONES = {"gf.nbz", "jl.nbz", "qd.nbz"}


@pytest.mark.shared
def test_the_rules_are_those_of_the_reading_with_their_ids(pack: Pack, shared: Path) -> None:
    entries = json.loads((shared / "policy" / "rules.json").read_text("utf-8"))
    wanted = {entry["id"] for entry in entries if entry["family"][0] in "ABF"} | CHP_AND_CAPTIVE | ZONES
    assert set(pack.rules) - OF_ACCESS == wanted | CONSULTATION | OF_PROJECTS
    grades = {entry["id"]: entry["strength"].split(" ")[0] for entry in entries}
    assert {rule.id: rule.strength for rule in pack.rules.values()} == {
        id_: grades.get(id_, "must") for id_ in pack.rules
    }


@pytest.mark.shared
def test_every_quote_unit_and_silence_stands_in_the_texts(pack: Pack, shared: Path) -> None:
    assert check_quotes(pack, read_texts(shared / "policy" / "texts")) == []


@pytest.mark.shared
def test_the_quotes_of_the_reading_are_within_ours_or_stand_beside_them(pack: Pack, shared: Path) -> None:
    texts = [plain(data.decode()) for data in read_texts(shared / "policy" / "texts").values()]
    for rule in pack.rules.values():
        assert all(any(plain(quote) in text for text in texts) for quote in rule.quotes), rule.id


@pytest.mark.shared
def test_a_text_that_was_altered_is_told(pack: Pack, shared: Path) -> None:
    texts = read_texts(shared / "policy" / "texts")
    name = next(name for name, data in texts.items() if "苏政发".encode() in data)
    texts[name] = texts[name].decode().replace("淘汰 35蒸吨", "淘汰 20蒸吨").encode("gb18030")
    found = check_quotes(pack, texts)
    assert [problem.code for problem in found] == ["policy.quote_text_differs", "policy.quote_not_found"]
    assert found[1].params["rule"] == "js.boiler.le35"
    assert "找不到" in str(found[1])


@pytest.mark.shared
def test_a_missing_text_is_told(pack: Pack, shared: Path) -> None:
    texts = read_texts(shared / "policy" / "texts")
    texts = {name: data for name, data in texts.items() if not name.startswith("003")}
    found = check_quotes(pack, texts)
    assert [problem.code for problem in found] == ["policy.quote_text_missing"]
    assert "吉林省" in str(found[0])


def test_no_text_is_kept_only_short_quotes(pack: Pack) -> None:
    quotes = [quote for rule in pack.rules.values() for quote in rule.quotes]
    assert max(len(quote) for quote in quotes) <= 60


def test_key_regions_have_82_prefectures_and_six_special_units(pack: Pack) -> None:
    parts = {part.id: part for part in pack.regions["key"].parts}
    assert {name: len(part.members) for name, part in parts.items()} == {"JJJ": 38, "YRD": 31, "FW": 13}
    special = [unit.name for part in parts.values() for unit in part.special]
    assert special == ["雄安新区", "辛集市", "定州市", "济源市", "杨凌农业高新技术产业示范区", "韩城市"]
    assert len(pack.regions["zj_ref"].parts[0].members) == 5
    codes = [member.code for part in parts.values() for member in part.members]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("419001", "JJJ"),  # 济源: no prefecture above it
        ("130682", "JJJ"),
        ("130181", "JJJ"),
        ("130632", "JJJ"),
        ("110101", "JJJ"),
        ("120225", "JJJ"),
        ("310151", "YRD"),
        ("320981", "YRD"),
        ("610403", "FW"),
        ("610581", "FW"),
        ("140105", "FW"),
    ],
)
def test_a_county_is_in_its_key_region(pack: Pack, code: str, part: str) -> None:
    assert pack.regions["key"].part_of(code) == part


NOT_KEY = """
    130702 130802 370202 370602 371002 411302 411502 411702 340702 340802 341002 341702 341802 140202 140602
    140902 610602 610702 610802 610902 611002 220102 222401 330302 330702 330802 331002 331102 440106 419002
"""


@pytest.mark.parametrize("code", NOT_KEY.split())
def test_cities_beside_them_are_not_key(pack: Pack, code: str) -> None:
    assert pack.regions["key"].part_of(code) == ""


def test_the_draft_reaches_exactly_two_of_the_three_key_regions(pack: Pack) -> None:
    assert in_region(pack, "qd", "419001")
    assert in_region(pack, "qd", "140105")
    assert not in_region(pack, "qd", "330106")


@pytest.mark.shared
def test_every_member_of_a_region_has_the_name_of_its_code(pack: Pack, shared: Path) -> None:
    rows = (shared / "data" / "boundaries" / "gbt2260_areacodes_history_1981_2024.csv").read_text("utf-8-sig")
    names: dict[str, set[str]] = {}
    for line in rows.splitlines()[1:]:
        cells = line.split(",")
        names.setdefault(cells[0], set()).add(cells[3])
    for region in pack.regions.values():
        for part in region.parts:
            for member in part.members:
                assert any(name.startswith(member.name) for name in names[member.code]), member


def test_every_comparison_says_whether_its_bound_is_included(pack: Pack) -> None:
    with pytest.raises(ValidationError, match="inclusive"):
        CapacityCondition.model_validate(
            {"id": "c", "kind": "capacity", "compare": "at_most", "limit_tph": "35"}
        )
    with pytest.raises(ValidationError, match="exactly one"):
        CapacityCondition.model_validate(
            {"id": "c", "kind": "capacity", "compare": "at_most", "inclusive": True}
        )


def test_a_rule_without_a_source_does_not_load(pack: Pack) -> None:
    content = pack.rules["gf.boiler.heatnet"].model_dump()
    content.pop("source")
    with pytest.raises(ValidationError, match="source"):
        Rule.model_validate(content)


def test_a_budget_is_never_zero_and_never_without_its_origin() -> None:
    for wrong in (
        {"metres": 0, "assumed": True},
        {"metres": 5},
        {"metres": 5, "source": "x", "assumed": True},
    ):
        with pytest.raises(ValidationError):
            Budget.model_validate(wrong)


BREAKS: list[tuple[str, str, str, str]] = [
    ("rules/jiangsu.toml", 'rule = "gf.boiler.le35.key"', 'rule = "gf.nothing"', "no parent gf.nothing"),
    ("rules/jiangsu.toml", 'source = "JS"', 'source = "XX"', "no source XX"),
    ("rules/jiangsu.toml", '"anchor_30km"', '"anchor_31km"', "no condition named anchor_31km"),
    ("rules/jiangsu.toml", ", inclusive = true", "", "Field required"),
    ("rules/jiangsu.toml", 'id = "js.boiler.new"', 'id = "js.boiler.le35"', "stands twice"),
    ("rules/zhejiang.toml", 'term = "below_65"', 'term = "above_65"', "inclusive differs"),
    ("rules/national.toml", 'brakes = ["heating_plan"]', 'brakes = ["handbrake"]', "no brake handbrake"),
    ("regions.toml", 'source = "ZJ"', 'source = "YY"', "no source YY"),
    ("terms.toml", 'adopted = "plant_total"', 'adopted = "whim"', "not among the readings"),
    ("budgets.toml", "metres = 600.0", "metres = 0.0", "greater than 0"),
    ("sources.toml", 'level = "province"', 'level = "county"', "national"),
    ("sources.toml", 'title = "', 'colour = "red"\ntitle = "', "not permitted"),
    ("silences.toml", "silences = [", "silences = [[", "Unclosed"),
    ("sources.toml", '"draft", ', "", "!="),
    ("rules/jiangsu.toml", 'list = "js_capacity"', 'list = "js_trades"', "no list js_trades"),
    ("terms.toml", 'list = "two_high"', 'list = "three_high"', "no list three_high"),
    ("terms.toml", 'list = "guide39"', 'list = "two_high"', "list differs"),
    (
        "conditions.toml",
        'inclusive = false\nterm = "high_stack"',
        'inclusive = true\nterm = "high_stack"',
        "inclusive differs",
    ),
    ("terms.toml", 'by_reference = ["zj_ref"]', 'by_reference = ["zj_five"]', "no region zj_five"),
    ("industries.toml", 'exact = ["3140"]', 'excat = ["3140"]', "not permitted"),
]


@pytest.mark.parametrize(("file", "old", "new", "problem"), BREAKS, ids=[b[3] for b in BREAKS])
def test_an_ill_formed_pack_is_refused_with_the_place(
    file: str, old: str, new: str, problem: str, policy_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(policy_dir, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError, match="broken") as caught:
        load_pack(folder)
    assert problem in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_file_is_refused_without_naming_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_pack(tmp_path)
    assert "sources.toml" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda text: "# a comment\n" + text, True),
        (lambda text: text.replace("metres = 600.0", "metres = 601.0"), False),
    ],
)
def test_the_hash_follows_the_content_not_the_layout(
    change: Callable[[str], str], same: bool, pack: Pack, policy_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(policy_dir, folder)
    path = folder / "budgets.toml"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    assert (load_pack(folder).hash == pack.hash) is same


def test_no_relation_of_an_override_deletes(pack: Pack) -> None:
    relations = {o.relation for rule in pack.rules.values() for o in rule.overrides}
    assert relations <= {"widens", "tightens", "restates", "adds", "weaker"}
    provincial = [rule for rule in pack.rules.values() if pack.sources[rule.source].area]
    assert {rule.id for rule in provincial if not rule.overrides} == {
        "zj.boiler.lt65", "zj.boiler.new.le10", "zj.power.ge300", "js.power.scr100"
    }  # fmt: skip


def test_the_draft_cites_no_national_plan_and_no_rule_relates_to_it(pack: Pack) -> None:
    drafts = [rule for rule in pack.rules.values() if rule.source == "QD"]
    assert all(not rule.overrides for rule in drafts)
    assert pack.sources["QD"].implements is None
    assert not [o for rule in pack.rules.values() for o in rule.overrides if o.rule.startswith("qd.")]


def test_the_clause_of_30_km_has_one_home_with_its_ends(pack: Pack) -> None:
    for subject in ("boiler", "unit"):
        anchor = pack.anchor(subject)
        assert (anchor.radius_km, anchor.radius_inclusive) == (30.0, True)
        assert (anchor.min_mw, anchor.min_inclusive) == (300.0, True)


def test_responsible_units_are_printed_in_two_provinces_only(pack: Pack) -> None:
    for rule in pack.rules.values():
        expected = rule.source in ("ZJ", "JL") and rule.strength != "define"
        assert bool(pack.responsible(rule.id)) is expected, rule.id
    assert pack.responsible("jl.captive.new") == (
        "省发展改革委",
        "省生态环境厅",
        "省能源局",
        "各市、县级政府",
    )


def test_every_word_of_the_pack_has_its_wording(pack: Pack) -> None:
    codes = [f"rules.{rule}" for rule in pack.rules]
    codes += [f"policy.applies_{rule.effect}" for rule in pack.rules.values()]
    codes += [f"policy.strength_{rule.strength}" for rule in pack.rules.values()]
    codes += [f"terms.{reading}" for term in pack.terms.values() for reading in term.readings]
    codes += [f"policy.brake_{brake}" for brake in pack.brakes]
    codes += [f"terms.fact_{fact}" for rule in pack.rules.values() for fact in rule.shown_by]
    codes += [f"policy.ask_{fact}" for rule in pack.rules.values() for fact in rule.shown_by]
    codes += [f"terms.area_{source.area}" for source in pack.sources.values() if source.area]
    assert [code for code in codes if code not in catalogue()] == []


def test_a_rule_is_due_overdue_or_without_a_date_by_the_day_asked_for() -> None:
    by_2025 = Timing(deadline=date(2025, 12, 31), parsed_from="到2025年")
    assert [by_2025.on(date(2025, 12, day)) for day in (30, 31)] == ["not_yet", "due"]
    assert by_2025.on(date(2026, 1, 1)) == "overdue"
    assert Timing(immediate=True, parsed_from="立即").on(date(2024, 6, 1)) == "due"
    assert Timing().on(date(2024, 6, 1)) == "no_date"
    with pytest.raises(ValidationError, match="parsed_from"):
        Timing(deadline=date(2025, 12, 31))


def test_the_season_runs_over_new_year(pack: Pack) -> None:
    assert pack.season.holds(date(2026, 11, 21))
    assert pack.season.holds(date(2026, 3, 31))
    assert not pack.season.holds(date(2026, 4, 1))
    assert not pack.season.holds(date(2026, 9, 30))
