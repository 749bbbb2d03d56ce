"""The hardest sheet that can be asked for, and what an office fills in for a letter."""

from __future__ import annotations

from datetime import date

from geoaq.report.sheet import LetterFields, SheetData, Words
from tests.report.sheet.example import example, strip_clause

HOSTILE = '#read("/etc/passwd") *粗* $x$ <script>alert(1)</script> & "引号" {zh} \\n'


def crowded() -> SheetData:
    """Return a sheet that no page holds: fourteen provinces, long hostile texts, twenty clauses."""
    base = example()
    long = (HOSTILE + "很长的说明。") * 12
    words = Words(zh=long, en=long)
    limb = base.limbs[0].model_copy(update={"clauses": (strip_clause(),) * 9, "notes": (words,) * 9})
    return example(
        lead=words,
        project=base.project.model_copy(
            update={"name": long, "applicant": long, "emissions": long, "stack_text": long}
        ),
        neighbours=tuple(
            base.neighbours[1].model_copy(update={"adcode": f"{n:02d}0000", "reasons": (words, words)})
            for n in range(11, 25)
        ),
        limbs=(limb, base.limbs[1]),
        missing=(words,) * 30,
        office=(words,) * 30,
        questions=(words,) * 30,
        vetoes=tuple(one.model_copy(update={"quote": long}) for one in base.vetoes * 20),
        near=base.near * 40,
        near_total=400,
        texts=base.texts * 20,
    )


def letter() -> LetterFields:
    """Return what an office fills in for the letter to the first province."""
    return LetterFields(
        adcode="340000",
        writer="province",
        reductions="区域削减氮氧化物240吨/年",
        stations="宣城市敬亭山站，距厂址95公里",
        sensitive="广德市某镇中心小学，距厂址21公里",
        due_on=date(2026, 12, 18),
        contact="经办人甲",
        phone="0571-00000000",
        attachments=("环境影响报告书（送审稿）",),
    )
