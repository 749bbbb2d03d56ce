"""The jobs of geoaq, each readable as a sentence; command line and web are two doors to them."""

from geoaq.flows.datum import datum_lines
from geoaq.flows.facts import Subject
from geoaq.flows.request import FORMATS, Format, ScreeningRequest
from geoaq.flows.rules import check_texts, rule_description, rule_lines
from geoaq.flows.screening import screen, summary_lines
from geoaq.io.sample_projects import write_project_sample
from geoaq.io.samples import write_sample
from geoaq.io.templates import write_template

__all__ = [
    "FORMATS",
    "Format",
    "ScreeningRequest",
    "Subject",
    "check_texts",
    "datum_lines",
    "rule_description",
    "rule_lines",
    "screen",
    "summary_lines",
    "write_project_sample",
    "write_sample",
    "write_template",
]
