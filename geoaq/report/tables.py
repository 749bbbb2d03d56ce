"""Findings, subjects and anchors as streamed tables: csv for people, parquet for machines.

The csv is written by Arrow from columns that are joined once a rule or once a subject and then taken by
position; nothing is formatted twice. One `FindingsWriter.write` is one chunk: memory is bounded by it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from geoaq.findings import DOES_NOT_APPLY, FINDINGS_SCHEMA
from geoaq.report.cells import neutral_text
from geoaq.report.sentences import Citations

Subject = Literal["boiler", "unit"]

CSV_COLUMNS = (
    "row", "subject_id", "name", "lon", "lat", "province", "city", "county", "adcode", "rule_id", "outcome",
    "strength", "timing", "basis", "distance_km", "margin_m", "anchor_id", "anchor_name", "contested_by",
    "reasons", "quote", "document", "article",
)  # fmt: skip
ROW_GROUP = 250_000

_PLACE = [(name, pa.string()) for name in ("province", "city", "county", "adcode")]
_HEAD = [
    ("row", pa.int64()), ("part", pa.int32()), ("subject_id", pa.string()), ("name", pa.string()),
    ("lon", pa.float64()), ("lat", pa.float64()), *_PLACE, ("fuel", pa.string()),
]  # fmt: skip
_KIND: dict[str, list[tuple[str, pa.DataType]]] = {
    "boiler": [
        ("boiler_class", pa.string()), ("purpose", pa.string()), ("status", pa.string()),
        ("capacity_tph", pa.float64()), ("capacity_text", pa.string()),
    ],
    "unit": [("unit_type", pa.string()), ("status", pa.string()), ("capacity_mw", pa.float64())],
}  # fmt: skip
_TAIL = [
    ("datum", pa.string()), ("u_m", pa.float64()), ("lead", pa.string()), ("lead_rule", pa.string()),
    ("lead_outcome", pa.string()), ("lead_timing", pa.string()), ("anchor_id", pa.string()),
    ("anchor_name", pa.string()), ("distance_km", pa.float64()), ("margin_m", pa.float64()),
    ("distance_u_m", pa.float64()), ("chp_outcome", pa.string()), ("review_reasons", pa.string()),
    ("lead_contested_by", pa.string()), ("brakes", pa.string()),
]  # fmt: skip
ANCHORS_SCHEMA = pa.schema(
    [
        ("row", pa.int64()), ("part", pa.int32()), ("subject_id", pa.string()), ("plant_id", pa.string()),
        ("plant_name", pa.string()), ("lon", pa.float64()), ("lat", pa.float64()),
        ("installed_mw", pa.float64()), ("distance_km", pa.float64()), ("u_m", pa.float64()),
        ("truth", pa.string()), ("confirmed", pa.bool_()),
    ]
)  # fmt: skip
_TRUTH = np.array(["outside", "inside", "borderline"])


def subjects_schema(subject: Subject) -> pa.Schema:
    """Return the schema of ``subjects.parquet``: what is known and found of each boiler or unit.

    It is a list of what may leave, not of what must not: a column that is not named here, such as a contact
    or a telephone number, cannot get into any file.
    """
    return pa.schema(_HEAD + _KIND[subject] + _TAIL)


class FindingsWriter:
    """Streams ``findings.parquet``, ``findings.csv``, ``subjects.parquet`` and ``anchors.parquet``.

    Parameters
    ----------
    folder
        An existing folder; the files are made in it.
    citations
        For each rule its ``quote``, ``document`` and ``article``.
    subject
        What the list holds: boilers or generating units.
    formats
        ``csv`` and/or ``parquet``.

    Notes
    -----
    ``findings.csv`` is UTF-8 with a byte order mark, so that Excel opens it, lines end in LF, text is quoted.
    It holds the findings that apply or need review: ``lon`` and ``lat`` in degrees (WGS 84, 6 decimals),
    ``distance_km`` with 5 decimals, ``margin_m`` with one; distance, margin and anchor stand only in rows
    whose rule measures a distance. Text that looks like a formula gets a leading apostrophe; numbers stay
    numbers. The same chunks give the same bytes.
    """

    def __init__(
        self,
        folder: Path,
        citations: Citations,
        *,
        subject: Subject = "boiler",
        formats: Collection[str] = ("csv", "parquet"),
    ) -> None:
        self._folder = folder
        self._citations = citations
        self._subjects_schema = subjects_schema(subject)
        self._csv: IO[bytes] | None = None
        self._parquet: dict[str, pq.ParquetWriter] = {}
        if "csv" in formats:
            self._csv = (folder / "findings.csv").open("wb")
            self._csv.write(b"\xef\xbb\xbf" + ",".join(CSV_COLUMNS).encode() + b"\n")
        if "parquet" in formats:
            for name, schema in (
                ("findings", FINDINGS_SCHEMA),
                ("subjects", self._subjects_schema),
                ("anchors", ANCHORS_SCHEMA),
            ):
                words = [f.name for f in schema if not pa.types.is_floating(f.type)]
                self._parquet[name] = pq.ParquetWriter(
                    folder / f"{name}.parquet", schema, compression="zstd", use_dictionary=words
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the files."""
        for writer in self._parquet.values():
            writer.close()
        if self._csv is not None:
            self._csv.close()

    def write(
        self, subjects: pd.DataFrame, findings: pd.DataFrame, pairs: pd.DataFrame | None = None
    ) -> None:
        """Append one chunk.

        Parameters
        ----------
        subjects
            One row a subject, with the columns of `subjects_schema` (more are ignored; of the optional ones,
            a missing column is written as null).
        findings
            The long frame of ``policy.evaluate``: ``subject`` is the position in ``subjects``.
        pairs
            Subject and plant within the radius, from ``zones.heating``: ``subject`` (position), ``plant_id``,
            ``distance_m``, ``u_m``, ``truth`` and ``confirmed``; of the plant, where known, ``plant_name``,
            ``lon``, ``lat`` and ``installed_mw``.
        """
        table = subjects_table(subjects, self._subjects_schema)
        findings = by_subject(findings)
        if self._csv is not None:
            rows = findings.loc[(findings["outcome"] != DOES_NOT_APPLY).to_numpy()]
            pcsv.write_csv(
                csv_table(table, rows, self._citations),
                self._csv,
                pcsv.WriteOptions(include_header=False, batch_size=65_536),
            )
        if self._parquet:
            self._parquet["subjects"].write_table(table, row_group_size=ROW_GROUP)
            self._parquet["findings"].write_table(findings_table(table, findings), row_group_size=ROW_GROUP)
            if pairs is not None and len(pairs):
                self._parquet["anchors"].write_table(anchors_table(table, pairs), row_group_size=ROW_GROUP)


def by_subject(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings ordered by subject, rules in the order given."""
    order = findings["subject"].to_numpy()
    if len(order) < 2 or bool(np.all(order[1:] >= order[:-1])):
        return findings
    return findings.iloc[np.argsort(order, kind="stable")]


def subjects_table(subjects: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the columns of ``schema``; not-a-number becomes null, and so does a column that is missing."""
    columns = []
    for field in schema:
        if field.name not in subjects.columns:
            columns.append(pa.nulls(len(subjects), field.type))
            continue
        values = subjects[field.name]
        if pa.types.is_string(field.type) and isinstance(values.dtype, pd.CategoricalDtype):
            columns.append(_word(values).cast(pa.string()))
        else:
            columns.append(pa.Array.from_pandas(values, type=field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def findings_table(subjects: pa.Table, findings: pd.DataFrame) -> pa.Table:
    """Return the chunk of ``findings.parquet``."""
    at = pa.array(findings["subject"].to_numpy())
    columns = []
    for field in FINDINGS_SCHEMA:
        if field.name in ("row", "part", "subject_id"):
            columns.append(_taken(subjects, field.name, at))
        elif pa.types.is_dictionary(field.type):
            columns.append(_word(findings[field.name]))
        else:
            columns.append(pa.Array.from_pandas(findings[field.name], type=field.type))
    return pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA)


def csv_table(subjects: pa.Table, findings: pd.DataFrame, citations: Citations) -> pa.Table:
    """Return the chunk of ``findings.csv`` (`CSV_COLUMNS`)."""
    at = pa.array(findings["subject"].to_numpy())
    measured = (findings["quantity"] == "distance_km").to_numpy()
    rule = _word(findings["rule_id"])
    columns: dict[str, pa.Array] = {"row": _taken(subjects, "row", at)}
    for name in ("subject_id", "name"):
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(at)
    for name in ("lon", "lat"):
        columns[name] = _decimals(subjects[name].to_numpy(), 6).take(at)
    for name in ("province", "city", "county", "adcode"):
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(at)
    for name in ("outcome", "strength", "timing", "basis", "contested_by", "reasons"):
        columns[name] = _word(findings[name]).cast(pa.string())
    columns["rule_id"] = rule.cast(pa.string())
    columns["distance_km"] = _decimals(np.where(measured, findings["measured"], np.nan), 5)
    columns["margin_m"] = _decimals(np.where(measured, findings["margin"] * 1000.0, np.nan), 1)
    where = pc.if_else(pa.array(measured), at, pa.scalar(None, at.type))
    for name in ("anchor_id", "anchor_name"):
        columns[name] = neutral_text(subjects[name].combine_chunks()).take(where)
    for name in ("quote", "document", "article"):
        texts = pa.array([citations[key][name] for key in rule.dictionary.to_pylist()], pa.string())
        columns[name] = neutral_text(texts).take(rule.indices)
    return pa.table({name: columns[name] for name in CSV_COLUMNS})


def anchors_table(subjects: pa.Table, pairs: pd.DataFrame) -> pa.Table:
    """Return the chunk of ``anchors.parquet``: every plant within reach of every subject."""
    at = pa.array(pairs["subject"].to_numpy())
    return pa.Table.from_arrays(
        [
            *(_taken(subjects, name, at) for name in ("row", "part", "subject_id")),
            pa.Array.from_pandas(pairs["plant_id"], type=pa.string()),
            *(
                pa.Array.from_pandas(pairs[name], type=ANCHORS_SCHEMA.field(name).type)
                if name in pairs.columns
                else pa.nulls(len(pairs), ANCHORS_SCHEMA.field(name).type)
                for name in ("plant_name", "lon", "lat", "installed_mw")
            ),
            pa.array(pairs["distance_m"].to_numpy() / 1000.0),
            pa.Array.from_pandas(pairs["u_m"], type=pa.float64()),
            pa.array(_TRUTH[pairs["truth"].to_numpy()], pa.string()),
            pa.array(pairs["confirmed"].to_numpy(dtype=bool)),
        ],
        schema=ANCHORS_SCHEMA,
    )


def _taken(table: pa.Table, name: str, at: pa.Array) -> pa.Array:
    return table[name].combine_chunks().take(at)


def _word(values: pd.Series) -> pa.DictionaryArray:
    """Return strings as a dictionary with 16-bit indices; missing becomes null."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("category")
    codes = values.cat.codes.to_numpy().astype(np.int16)
    indices = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values.cat.categories.tolist(), pa.string()))


def _decimals(values: npt.NDArray[np.float64], digits: int) -> pa.Array:
    """Return the numbers with a fixed count of decimals; not-a-number becomes null."""
    numbers = np.asarray(values, np.float64)
    rounded = np.round(numbers, digits) + 0.0
    return pa.array(rounded, mask=~np.isfinite(numbers)).cast(pa.decimal128(18, digits))
