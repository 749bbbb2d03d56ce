"""What is wrong or was repaired in the list, in words: ``issues.csv`` and the rows of its sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pcsv

from geoaq.report.cells import neutral_text
from geoaq.wording import say

ISSUE_CSV_COLUMNS = ("row", "field", "value", "severity", "code", "message_zh", "message_en")


def rendered_issues(issues: pd.DataFrame) -> pd.DataFrame:
    """Return the issues with their sentences; issues that have them already are returned as they are.

    Parameters
    ----------
    issues
        ``IssueLog.frame()``: row, field, value, severity, code, params (json).

    Returns
    -------
    DataFrame
        `ISSUE_CSV_COLUMNS`, in the order given; row 0 stands for the whole list.
    """
    if "message_zh" in issues.columns:
        return issues
    kinds = issues[["code", "params"]].drop_duplicates()
    said = [
        (code, params, *(say(f"issues.{code}", lang, **json.loads(params)) for lang in ("zh", "en")))
        for code, params in kinds.itertuples(index=False)
    ]
    words = pd.DataFrame(said, columns=["code", "params", "message_zh", "message_en"])
    return issues.merge(words, how="left", on=["code", "params"])[list(ISSUE_CSV_COLUMNS)]


def write_issues(path: Path, issues: pd.DataFrame) -> None:
    """Write ``issues.csv``: UTF-8 with byte order mark, LF, formula-like text with a leading apostrophe.

    Parameters
    ----------
    path
        The file to write.
    issues
        ``IssueLog.frame()``.
    """
    issues = rendered_issues(issues)
    columns = {}
    for name in ISSUE_CSV_COLUMNS:
        kind = pa.int64() if name == "row" else pa.string()
        values = pa.Array.from_pandas(issues[name], type=kind)
        columns[name] = values if name == "row" else neutral_text(values)
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + ",".join(ISSUE_CSV_COLUMNS).encode() + b"\n")
        pcsv.write_csv(pa.table(columns), file, pcsv.WriteOptions(include_header=False))
