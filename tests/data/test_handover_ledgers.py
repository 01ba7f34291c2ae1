"""The hand-over register as a ledger: its headings, and what it refuses."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data.errors import ImportRejectedError
from data.importers import ImportOptions, ImportReport, import_file

pytestmark = pytest.mark.db

HEADINGS = "路段编号,建成日期,移交日期,验收日期,移交单位,接收单位,证明材料,文件校验值,情况说明"
SHA = "0123456789ABCDEF" * 4


@pytest.fixture
def bring(city: Engine, tmp_path: Path):
    """Import lines of the register into a city with one street, s1."""

    def bring(kind: str, *lines: str) -> ImportReport:
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return import_file(city, kind, path, ImportOptions(source="t"))

    bring("segments", "code,name,wkt", 's1,High,"LINESTRING (113.6 34.7, 113.61 34.7)"')
    return bring


def test_the_register_of_an_office_comes_in(city, bring):
    report = bring("handovers", HEADINGS, f"s1,2015年3月2日,,,城建局,照明处,函.pdf,{SHA},未移交")
    assert report.new == 1
    with city.connect() as connection:
        row = connection.execute(text("SELECT * FROM handover")).mappings().one()
    assert (row["external_code"], row["handed_by"], row["received_by"]) == (
        "s1",
        "城建局",
        "照明处",
    )
    assert (row["evidence_file"], row["evidence_sha256"]) == ("函.pdf", SHA.lower())


def test_a_street_that_is_handed_over_later_is_the_same_row(bring):
    bring("handovers", HEADINGS, f"s1,,,,,,函.pdf,{SHA},未移交")
    report = bring("handovers", HEADINGS, "s1,2015-01-02,2019-09-01,,,,,,")
    assert (report.new, report.changed) == (0, 1)


def test_a_register_needs_no_column_of_a_step_that_has_not_come(bring):
    assert bring("handovers", "路段编号,建成日期,移交日期", "s1,2015-01-02,2019-09-01").new == 1


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("s1,,,,,,,,", "evidence_file", "was not handed over"),
        (f"s1,,,,,,函.pdf,{SHA},", "evidence_file, evidence_sha256, evidence_note", "in part"),
        ("s1,,,,,,函.pdf,12,未移交", "evidence_sha256", "64 hexadecimal"),
        ("s1,2015-01-02,2015-01-01,,,,,,", "handed_over_on", "before built_on"),
        ("s1,,2015-01-02,2015-01-01,,,,,", "accepted_on", "before handed_over_on"),
        (f"s1,,,2015-01-01,,,函.pdf,{SHA},验收", "accepted_on", "without it"),
        ("s2,,2015-01-02,,,,,,", "segment_code", "s2"),
    ],
)
def test_what_the_register_cannot_say_is_refused(bring, line, field, reason):
    with pytest.raises(ImportRejectedError) as caught:
        bring("handovers", HEADINGS, line)
    errors = caught.value.report.errors
    told = [(one.row, one.field) for one in errors]
    assert (2, field) in told
    assert any(reason in f"{one.value} {one.reason}" for one in errors)
