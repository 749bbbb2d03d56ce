"""What leaves the house: findings as tables, workbook, spatial files and a summary.

Every writer is deterministic: the same frames give the same bytes, in any process, on any day. None of them
reads the clock, a path or the name of the machine.
"""

from geoaq.report.added import care_texts
from geoaq.report.columns import CSV_COLUMNS, Subject, subjects_schema
from geoaq.report.drawings import (
    area_features,
    disc_features,
    picture_features,
    plant_features,
    shape_features,
    write_features,
)
from geoaq.report.issues import rendered_issues, write_issues
from geoaq.report.office import OfficeList, read_ahead
from geoaq.report.sentences import Citations, lead_sentence, lead_sentences, timing_sentence, why
from geoaq.report.spatial import (
    SpatialLayer,
    disc_layer,
    feature_layer,
    plant_layer,
    write_geojson,
    write_geopackage,
)
from geoaq.report.summary import (
    BorderRecord,
    Brake,
    Code,
    DatumReport,
    DatumShare,
    Input,
    NotInForce,
    Policy,
    ProjectSummary,
    Rows,
    Summary,
    WindRecord,
    code_record,
    file_input,
    files_sha256,
    read_summary,
    write_summary,
)
from geoaq.report.tables import FindingsWriter, write_near
from geoaq.report.tally import Amount, Counts, County, Tally, Verdicts
from geoaq.report.workbook import MOST_ROWS, write_workbook

__all__ = [
    "CSV_COLUMNS",
    "MOST_ROWS",
    "Amount",
    "BorderRecord",
    "Brake",
    "Citations",
    "Code",
    "Counts",
    "County",
    "DatumReport",
    "DatumShare",
    "FindingsWriter",
    "Input",
    "NotInForce",
    "OfficeList",
    "Policy",
    "ProjectSummary",
    "Rows",
    "SpatialLayer",
    "Subject",
    "Summary",
    "Tally",
    "Verdicts",
    "WindRecord",
    "area_features",
    "care_texts",
    "code_record",
    "disc_features",
    "disc_layer",
    "feature_layer",
    "file_input",
    "files_sha256",
    "lead_sentence",
    "lead_sentences",
    "picture_features",
    "plant_features",
    "plant_layer",
    "read_ahead",
    "read_summary",
    "rendered_issues",
    "shape_features",
    "subjects_schema",
    "timing_sentence",
    "why",
    "write_features",
    "write_geojson",
    "write_geopackage",
    "write_issues",
    "write_near",
    "write_summary",
    "write_workbook",
]
