from datetime import UTC, date, datetime

import pytest
import shapely

from data.answers import OutageQuestion, outages
from data.answers.handovers import handovers
from data.cities import the_city
from data.clock import tell_time
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 20)
SHOWN = {"evidence_file": "letter.pdf", "evidence_sha256": "ab" * 32, "evidence_note": "not yet"}
BEFORE = datetime(2019, 8, 1, tzinfo=UTC)
AFTER = datetime(2019, 8, 25, tzinfo=UTC)


@pytest.fixture
def street(town):
    """A town of two dark streets of one lamp each, a and b."""
    the_city(town.session).simulated = True
    town.grid(2)
    lines = {
        name: shapely.LineString([town.at(column, 0), town.at(column, 0.9)])
        for column, name in enumerate("ab")
    }
    rows = ({"external_code": name, "geom": line} for name, line in lines.items())
    town.add("segments", *(row | {"recorded_at": BEFORE} for row in rows))
    town.add("lamps", *({"geom": line.centroid} for line in lines.values()))
    town.add("outages", *({"lamp_code": n, "started_at": town.day("2019-08-01")} for n in "01"))
    return town


def standings(town, day=DAY, known_at=None, scope=WHOLE_CITY):
    rows = handovers(town.session, scope, day, known_at).as_dict()["segments"]
    return {row["code"]: row["standing"] for row in rows}


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2019, 1, 1), "unbuilt"),
        (date(2019, 1, 2), "never_handed_over"),
        (date(2019, 3, 4), "handed_over"),
        (date(2019, 5, 6), "accepted"),
    ],
)
def test_a_street_is_built_then_handed_over_then_accepted(street, day, standing):
    days = [date(2019, 1, 2), date(2019, 3, 4), date(2019, 5, 6)]
    columns = dict(zip(("built_on", "handed_over_on", "accepted_on"), days, strict=True))
    street.add("handovers", {"segment_code": "a"} | columns)
    assert standings(street, day) == {"a": standing}


def test_a_dark_street_that_was_never_handed_over_is_dark_for_that(street):
    street.add("handovers", {"segment_code": "a"} | SHOWN)
    answer = outages(street.session, WHOLE_CITY, OutageQuestion(as_of=DAY))
    rows = answer.rows.set_index("code")
    assert rows["cause"].dropna().to_dict() == {"a": "never_handed_over"}
    assert answer.totals["by_handover"]["never_handed_over"] == 1
    assert answer.totals["by_handover"]["unregistered"] == 1


def test_the_cause_that_the_work_names_goes_before_the_register(street):
    street.add("handovers", {"segment_code": "a"} | SHOWN)
    found = {"found_at": street.day("2019-08-02"), "cause": "cable_cut"}
    street.add("rectifications", found | {"segment_code": "a"})
    rows = outages(street.session, WHOLE_CITY, OutageQuestion(as_of=DAY)).rows
    assert rows.set_index("code").loc["a", "cause"] == "cable_cut"


def test_a_city_without_a_register_has_no_standings(street):
    answer = outages(street.session, WHOLE_CITY, OutageQuestion(as_of=DAY))
    assert answer.totals["by_handover"] is None
    assert answer.rows["cause"].isna().all()


def test_a_correction_leaves_the_register_as_it_was_known(street):
    row = {"external_code": "m", "segment_code": "a"}
    street.add("handovers", row | SHOWN | {"recorded_at": BEFORE})
    tell_time(street.session, AFTER)
    street.add("handovers", row | {"handed_over_on": date(2019, 8, 19)})
    assert standings(street) == {"a": "handed_over"}
    assert standings(street, known_at=DAY) == {"a": "never_handed_over"}


def test_of_several_rows_on_a_segment_the_last_one_counts(street):
    street.add("handovers", {"segment_code": "a"} | SHOWN | {"recorded_at": BEFORE})
    later = {"external_code": "9", "segment_code": "a", "handed_over_on": date(2019, 8, 1)}
    street.add("handovers", later | {"recorded_at": AFTER})
    assert standings(street) == {"a": "handed_over"}


def test_a_reader_sees_the_register_of_the_own_cells(street):
    street.add("handovers", *({"segment_code": name} | SHOWN for name in "ab"))
    assert standings(street, scope=street.scope("0-1")) == {"b": "never_handed_over"}
