"""The draft of the consultation letter to one province, as .docx in the usual form of an official letter.

Page and type follow GB/T 9704-2012 (margins 37, 35, 28, 26 mm; 16 pt 仿宋 on a fixed line of 28 pt). It says
of itself that it is a draft; what the office has not filled in stands as a gap to be filled.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from geoaq.errors import NotFoundError
from geoaq.report.sheet.data import Clause, Limb, Neighbour, SheetData
from geoaq.report.sheet.page import stack
from geoaq.report.sheet.pdf import map_png
from geoaq.report.sheet.units import degrees, emissions, km, plain, whole_metres
from geoaq.report.sheet.writer import Writer, cite
from geoaq.report.tally import Record
from geoaq.wording import say

if TYPE_CHECKING:
    from docx.document import Document

BODY, HEADING, TITLE = "仿宋", "黑体", "宋体"
# Both maps stand on one page.
MAP_MM = 118
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class LetterFields(Record):
    """What the office gives for a letter; an empty field stands as a gap in the draft."""

    adcode: str = Field(description="the province that is written to")
    writer: Literal["province", "city"] = "province"
    sender: str = ""
    addressee: str = Field(default="", description="instead of the bureau that `writer` gives")
    emissions: str = Field(default="", description="instead of the emissions of the list")
    reductions: str = ""
    stations: str = Field(default="", description="effect on the neighbour's national stations")
    sensitive: str = Field(default="", description="effect on sensitive places")
    asks: tuple[str, ...] = Field(default=(), description="asked besides the usual three")
    due_on: date | None = None
    contact: str = ""
    phone: str = ""
    attachments: tuple[str, ...] = ()


def letter_docx(data: SheetData, letter: LetterFields, lang: str = "zh") -> bytes:
    """Return the draft of the letter; the same sheet and fields give the same bytes.

    Raises
    ------
    NotFoundError
        ``no_consultee``: the province is not among those of the sheet.
    ConfigError
        ``front_end_missing``: the fonts of the map are not there.
    """
    neighbour = next((one for one in data.neighbours if one.adcode == letter.adcode), None)
    if neighbour is None:
        raise NotFoundError("no_consultee", name=letter.adcode)
    draft = _Draft(data, letter, neighbour, lang)
    draft.write()
    return draft.packed()


def kind_of_province(name: str) -> str:
    """Return whether a province is a ``municipality``, an autonomous ``region`` or a ``province``."""
    kinds = {"市": "municipality", "区": "region"}
    return kinds.get(name[-1:], "province")


class _Draft:
    """The letter while it is written, paragraph by paragraph."""

    def __init__(self, data: SheetData, letter: LetterFields, neighbour: Neighbour, lang: str) -> None:
        import docx

        self.data, self.letter, self.neighbour, self.lang = data, letter, neighbour, lang
        self.document: Document = docx.Document()
        self._set_up()

    def say(self, code: str, /, **values: object) -> str:
        return say(code, self.lang, **values)

    def write(self) -> None:
        """Write the letter from its number to the map."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        project = self.data.project
        self.line(self.say("sheet.letter_number"), align="right")
        self.line("")
        self.line(
            self.say("sheet.letter_title", project=plain(project.name)),
            font=TITLE,
            size=22,
            align="center",
            bold=True,
        )
        self.line("")
        self.line(say("sheet.letter_to", self.lang, bureau=self.addressee()))
        self.opening()
        self.heading("project")
        where = degrees(self.data.position.lon, self.data.position.lat, self.lang)
        self.text(
            self.say("sheet.letter_position", position=where, datum=say("sheet.datum_of_letter", self.lang))
        )
        self.text(self.say("sheet.letter_stack", stack=self.given(stack(Writer(self.data, self.lang)))))
        self.heading("emissions")
        emitted = self.letter.emissions or emissions(project.emissions, self.lang)
        self.text(self.say("sheet.letter_emissions_are", text=self.given(emitted)))
        self.text(self.say("sheet.letter_reductions_are", text=self.given(self.letter.reductions)))
        self.heading("effect")
        self.text(self.say("sheet.letter_stations_are", text=self.given(self.letter.stations)))
        self.text(self.say("sheet.letter_sensitive_are", text=self.given(self.letter.sensitive)))
        self.heading("asks")
        asks = [self.say(f"sheet.letter_ask_{name}") for name in ("opinion", "measures", "data")] + [
            plain(one) for one in self.letter.asks
        ]
        for order, ask in enumerate(asks, 1):
            self.text(self.say("sheet.letter_ask", number=order, text=ask))
        due = self.letter.due_on
        self.text(
            self.say("sheet.letter_due_open")
            if due is None
            else self.say("sheet.letter_due", year=due.year, month=due.month, day=due.day)
        )
        self.attachments()
        # Whoever signs, and when, stands together and not on a page of its own.
        self.line("", keep=True)
        self.line("", keep=True)
        sender = plain(self.letter.sender) or self.say("sheet.letter_from_open")
        self.line(sender, align="right", right=32, keep=True)
        self.line(self.say("sheet.letter_date"), align="right", right=64, keep=True)
        self.text(
            self.say(
                "sheet.letter_contact",
                name=self.given(self.letter.contact, "sheet.letter_gap"),
                phone=self.given(self.letter.phone, "sheet.letter_gap"),
            )
        )
        self.line(self.say("sheet.letter_map_title"), font=HEADING, new_page=True)
        for detail in (False, True):
            picture = io.BytesIO(map_png(self.data, self.lang, detail=detail))
            self.document.add_picture(picture, width=Mm(MAP_MM))
            self.document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.line(
                say("sheet.map_detail" if detail else "sheet.map_overview", self.lang),
                size=12,
                align="center",
            )
        self.line(say("sheet.map_note", self.lang, km=f"{self.data.strip_km:g}"), size=10.5)

    def addressee(self) -> str:
        if self.letter.addressee:
            return plain(self.letter.addressee)
        name = self.neighbour.name
        municipality = name.zh.endswith("市")
        kind = (
            "city"
            if self.letter.writer == "city" and not municipality
            else "municipality"
            if municipality
            else "province"
        )
        return say(f"sheet.bureau_of_{kind}", self.lang, province=plain(name.text(self.lang)))

    def opening(self) -> None:
        """Write what is planned where, the clause, and whether it is met or still open."""
        project, one = self.data.project, self.neighbour
        facts = {
            "applicant": self.given(project.applicant),
            "place": plain(project.place.text(self.lang)),
            "project": plain(project.name),
            "nature": say(f"sheet.nature_{project.nature}", self.lang)
            if project.nature
            else say("sheet.not_stated", self.lang),
            "code": plain(project.industry_code) or say("sheet.not_stated", self.lang),
        }
        if one.distance_m is None:
            self.text(self.say("sheet.letter_opening_plain", **facts))
        else:
            far = km(one.distance_m, self.data.strip_km)
            yours = self.say(f"sheet.letter_yours_{kind_of_province(one.name.zh)}")
            error = whole_metres(one.u_m or 0.0)
            self.text(self.say("sheet.letter_opening", **facts, yours=yours, km=far, metres=error))
        if self.data.home_open():
            self.text(self.say("sheet.letter_pending", finding=self.say("sheet.home_open")))
        joined = say("sheet.list_joiner", self.lang)
        for limb in self.limbs():
            by_quote: dict[str, list[Clause]] = {}
            for clause in limb.clauses:
                by_quote.setdefault(clause.quote, []).append(clause)
            for quote, clauses in by_quote.items():
                cites = joined.join(cite(clause, self.lang) for clause in clauses)
                said = say("sheet.quote", self.lang, quote=plain(quote))
                self.text(self.say("sheet.letter_basis", cites=cites, quote=said))
            if limb.outcome == "needs_review":
                self.text(self.say("sheet.letter_pending", finding=plain(limb.verdict.text(self.lang))))
        self.text(self.say("sheet.letter_request"))

    def limbs(self) -> list[Limb]:
        """Return the triggers for this province: the strip only where it lies in reach."""
        return [
            limb
            for limb in self.data.limbs
            if limb.outcome != "does_not_apply"
            and (limb.id == "b" or self.neighbour.outcome != "does_not_apply")
        ]

    def attachments(self) -> None:
        """Write the list of attachments, the further ones below the first one's number."""
        first = self.say("sheet.letter_attachment_map", number=1)
        self.line("")
        self.line(
            self.say("sheet.letter_attachments", first=first), indent=32, keep=not self.letter.attachments
        )
        for number, name in enumerate(self.letter.attachments, 2):
            said = self.say("sheet.letter_attachment", number=number, name=plain(name))
            last = number == len(self.letter.attachments) + 1
            self.line(said, indent=80, keep=last)

    def given(self, text: str, gap: str = "sheet.letter_to_fill") -> str:
        """Return what was given, or a gap: for the applicant to supply, or for whoever writes."""
        return plain(text) or self.say(gap)

    def heading(self, name: str) -> None:
        self.text(self.say(f"sheet.letter_{name}"), font=HEADING)

    def text(self, words: str, *, font: str = BODY) -> None:
        """Write a paragraph, its first line two characters in."""
        self.line(words, font=font, indent=32, align="justify", keep=font == HEADING)

    def line(self, words: str, *, font: str = BODY, size: float = 16, align: str = "left", indent: float = 0,
             right: float = 0, bold: bool = False, keep: bool = False,
             new_page: bool = False) -> None:  # fmt: skip
        """Write one plain run; nothing in it is read as a field or a style.

        ``indent`` (first line), ``right`` in points; ``keep``: on the page of the next line.
        """
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.first_line_indent, form.right_indent = Pt(indent), Pt(right)
        form.keep_with_next, form.page_break_before = keep, new_page
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(28 if size <= 16 else 34)
        self.run(paragraph, words, font, size, bold=bold)

    def run(self, paragraph: Any, words: str, font: str, size: float, *, bold: bool = False) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt

        run = paragraph.add_run(words)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.name = "Times New Roman"
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001  python-docx has no other way

    def _set_up(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Mm

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        # Without a language, a program may set Chinese signs the Japanese or the Taiwanese way.
        language = self.document.styles.element.find(".//" + qn("w:lang"))
        language.set(qn("w:eastAsia"), "zh-CN")
        self.run(section.header.paragraphs[0], self.say("sheet.letter_draft"), HEADING, 12)
        about = self.document.core_properties
        day = datetime.combine(self.data.as_of, time())
        about.title, about.author, about.comments = (
            self.say("sheet.letter_title", project=plain(self.data.project.name))[:255],
            "",
            "",
        )
        about.created = about.modified = day
        about.last_modified_by, about.revision = "", 1

    def packed(self) -> bytes:
        """Return the file, its members without the time at which they were packed."""
        made, packed = io.BytesIO(), io.BytesIO()
        self.document.save(made)
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                member = zipfile.ZipInfo(name, _ZIP_DATE)
                member.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(member, source.read(name))
        return packed.getvalue()
