"""The campaign of 2019, replayed: what was published comes out of rows, on every day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from data.answers import OutageQuestion, RectificationQuestion, outages, rectifications
from data.cities import the_city
from data.loading import load
from data.models import (
    Hazard,
    Inspection,
    Lamp,
    Outage,
    Rectification,
    Sanction,
    Segment,
    Submission,
)
from data.queries.reported import submissions as submissions_of
from data.samples import published_beside_rows
from data.samples.playing import play
from data.samples.zhengzhou import Half, inspected, lighted
from data.samples.zhengzhou.darkness import dark_boxes
from data.samples.zhengzhou.districts import districts
from data.samples.zhengzhou.plan import SEED
from data.samples.zhengzhou.published import FIGURES, Rows
from data.samples.zhengzhou.reporting import submissions
from data.samples.zhengzhou.streets import streets
from data.scope import WHOLE_CITY
from geo.periods import Period

pytestmark = pytest.mark.db

ZONE = ZoneInfo("Asia/Shanghai")
LAST_OF_AUGUST = date(2019, 8, 31)
N_REMOVED = 10


@pytest.fixture
def zhengzhou(sample_store):
    """A session on the sample; what a test writes is rolled back."""
    with Session(sample_store("zhengzhou")) as session:
        yield session


@pytest.fixture(scope="module")
def again() -> Half:
    """Everything about its lamps, made once more."""
    return lighted(districts(), SEED)


@pytest.fixture(scope="module")
def laid():
    return streets(np.random.default_rng(1), districts())


def rates_on(session, day):
    answer = outages(session, WHOLE_CITY, OutageQuestion(as_of=day))
    return {one["name"]: (one["numerator"], one["denominator"]) for one in answer.extra["rates"]}


def lit_named(session, moment):
    """Whether all segments of each road name are lit."""
    rows = outages(session, WHOLE_CITY, OutageQuestion(as_of=moment)).rows
    return (rows["status"] == "lit").groupby(rows["name"]).all()


def test_every_published_figure_comes_out_of_rows(zhengzhou):
    compared = published_beside_rows(zhengzhou)
    known = [one for one in compared if one["published"] is not None]
    assert {one["name"]: one["difference"] for one in known if one["difference"]} == {}
    assert len(known) == 39
    silent = [(one["name"], one["as_of"]) for one in compared if one["published"] is None]
    assert silent == [
        ("major hazards", "2019-08-31"),
        ("fines in yuan", "2019-10-31"),
        ("exposed units", "2019-10-31"),
    ]


def test_a_figure_outside_the_bounds_of_its_words_says_how_far():
    (lamps,) = [one for one in FIGURES if one.name == "lamps surveyed"]
    assert [lamps._difference(n) for n in (48_990, 49_500, 50_001)] == [-10, 0, 2]


def test_at_the_end_of_august_339_of_396_dark_segments_are_lit_and_57_exempt(zhengzhou):
    rates = rates_on(zhengzhou, LAST_OF_AUGUST)
    assert (rates["completion"], rates["segments_relit"]) == ((339, 339), (339, 396))
    assert round(339 / 396, 3) == 0.856


def test_both_ways_to_count_agree_on_the_last_of_august(zhengzhou):
    question = RectificationQuestion(as_of=LAST_OF_AUGUST, about="segment")
    answer = rectifications(zhengzhou, WHOLE_CITY, question)
    rates = {one["name"]: one for one in answer.extra["rates"]}
    assert (rates["completion"]["numerator"], rates["completion"]["denominator"]) == (339, 339)
    assert (answer.totals["n_items"], answer.totals["n_exempt"]) == (396, 57)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Inspection, {"visits"}),
        (Hazard, {"general hazards", "major hazards"}),
        (Rectification, {"segments to be relit", "exempt segments"}),
        (Lamp, {"lamps surveyed"}),
        (Sanction, {"orders", "suspended units", "exposed units"}),
    ],
)
def test_rows_that_are_removed_are_missing_from_the_figures(zhengzhou, model, names):
    chosen = [one for one in FIGURES if one.name in names and one.as_of != date(2019, 8, 31)]
    chosen = chosen or [one for one in FIGURES if one.name in names]
    before = sum(one.count(Rows(zhengzhou)) for one in chosen)
    ids = select(model.id).order_by(func.md5(model.external_code)).limit(N_REMOVED)
    if model is Rectification:
        ids = ids.where(Rectification.segment_id.is_not(None))
    if model is Sanction:
        ids = ids.where(Sanction.kind.in_(["order", "suspension", "exposure"]))
    zhengzhou.execute(delete(model).where(model.id.in_(ids)))
    assert before - sum(one.count(Rows(zhengzhou)) for one in chosen) == N_REMOVED


def test_the_same_seed_finds_the_same_hazards(zhengzhou):
    rows = [one.rows for one in inspected(districts(), SEED).ledgers if one.kind == "hazards"]
    columns = ["external_code", "found_at"]
    major = pd.concat([one.loc[one["level"] == "major", columns] for one in rows])
    kept = select(Hazard.external_code, Hazard.found_at).where(Hazard.level == "major")
    assert dict(major.itertuples(index=False)) == dict(zhengzhou.execute(kept).all())


def test_the_same_seed_puts_out_the_same_lamps(zhengzhou, again):
    (made,) = [one.rows for one in again.ledgers if one.kind == "outages"]
    stored = zhengzhou.execute(select(Outage.external_code, Outage.started_at)).all()
    assert dict(zip(made["external_code"], made["started_at"], strict=True)) == dict(stored)


def test_another_seed_makes_another_city(laid):
    one, other = (dark_boxes(np.random.default_rng(seed), laid) for seed in (1, 2))
    assert set(one["box_code"]) != set(other["box_code"])
    assert one["n_segments"].sum() == other["n_segments"].sum() == 396


def test_what_was_played_is_not_played_again(zhengzhou, again):
    assert play(zhengzhou, again.deeds) == 0


def test_what_became_of_rows_is_there_already(zhengzhou, again):
    (ledger,) = [one for one in again.sequels if one.kind == "outages"]
    counts = load(zhengzhou, ledger.kind, ledger.rows, source=ledger.source)
    assert (counts.wrote, counts.same) == (False, len(ledger.rows))


def test_the_city_says_that_it_is_simulated(zhengzhou):
    assert the_city(zhengzhou).simulated


def test_each_box_without_power_darkens_three_or_four_streets(zhengzhou):
    found = outages(zhengzhou, WHOLE_CITY, OutageQuestion(as_of=date(2019, 6, 20)))
    of_box = [one["segments"] for one in found.extra["incidents"]]
    assert {len(segments) for segments in of_box} == {3, 4}
    assert sum(map(len, of_box)) == len({code for codes in of_box for code in codes}) == 396


def test_three_roads_are_lit_on_the_evening_of_19_august(zhengzhou):
    names = ["金岱路", "南台路", "岗南路"]
    noon, evening = (datetime(2019, 8, 19, hour, tzinfo=ZONE) for hour in (12, 23))
    assert not lit_named(zhengzhou, noon)[names].any()
    assert lit_named(zhengzhou, evening)[names].all()


def test_four_roads_are_lit_at_ten_on_30_august(zhengzhou):
    names = ["航海路", "江山路", "科源路", "文博东路"]
    noon, ten = (datetime(2019, 8, 30, hour, tzinfo=ZONE) for hour in (12, 22))
    assert not lit_named(zhengzhou, noon)[names].any()
    assert lit_named(zhengzhou, ten)[names].all()


def test_roads_without_lamps_are_no_outage(zhengzhou):
    rows = outages(zhengzhou, WHOLE_CITY, OutageQuestion(as_of=LAST_OF_AUGUST)).rows
    assert set(rows.loc[rows["name"].isin(["岗东路", "长江东路"]), "status"]) == {"no_lamp"}


def test_completion_is_no_straight_line(zhengzhou):
    days = [date(2019, 8, day) for day in (9, 10, 20, 31)]
    relit = [
        rectifications(
            zhengzhou, WHOLE_CITY, RectificationQuestion(as_of=day, about="segment")
        ).totals["n_closed"]
        for day in days
    ]
    assert relit[0] - 14 == relit[1] < relit[2] < relit[3] == 339


def test_14_streets_were_reopened_after_the_rain_and_relit_for_good(zhengzhou):
    reopened = select(Rectification.state, func.count()).where(Rectification.n_reopened == 1)
    assert zhengzhou.execute(reopened.group_by(Rectification.state)).all() == [("closed", 14)]


def test_an_exemption_has_two_sides_and_no_light(zhengzhou):
    exempt = zhengzhou.scalars(select(Rectification).where(Rectification.state == "exempt")).all()
    sides = {(one.exempt_confirmed_by_city, one.exempt_confirmed_by_builder) for one in exempt}
    assert len(exempt) == 57
    assert [city != builder for city, builder in sides] == [True]
    assert {one.cause for one in exempt} == {"under_construction"}
    rows = outages(zhengzhou, WHOLE_CITY, OutageQuestion(as_of=LAST_OF_AUGUST)).rows
    assert set(rows.loc[[one.segment_id for one in exempt], "status"]) == {"dark"}


def test_streets_under_construction_were_lit_too(zhengzhou):
    closed = select(func.count()).where(
        Rectification.cause == "under_construction", Rectification.state == "closed"
    )
    assert zhengzhou.scalar(closed) == 103 - 57


def test_no_lamp_of_the_sample_stands_off_its_street(zhengzhou):
    named = select(func.count()).select_from(Lamp).outerjoin(Segment, Segment.id == Lamp.segment_id)
    assert zhengzhou.scalar(named.where(Lamp.road_name.is_distinct_from(Segment.name))) == 0


def test_a_hazard_ends_when_the_work_on_it_is_closed(zhengzhou):
    both = (
        select(Hazard.closed_at, Rectification.closed_at)
        .join(Rectification, Rectification.hazard_id == Hazard.id)
        .where(Rectification.state.in_(["closed", "fixing"]))
    )
    ends = zhengzhou.execute(both).all()
    assert len(ends) > 150
    assert [pair for pair in ends if pair[0] != pair[1]] == []


def test_every_event_is_dated_by_what_was_done(zhengzhou):
    late = text("SELECT count(*) FROM event WHERE happened_at <> (after ->> 'at')::timestamptz")
    broken = text("""
        SELECT count(*) FROM (
            SELECT happened_at < lag(happened_at) OVER (ORDER BY id)
                OR previous_hash <> lag(hash) OVER (ORDER BY id)
                OR hash <> guatu_event_hash(event) AS is_broken
            FROM event) AS links WHERE is_broken
    """)
    assert (zhengzhou.scalar(late), zhengzhou.scalar(broken)) == (0, 0)


@pytest.mark.parametrize("day", [date(2019, 7, 2), date(2019, 8, 10), date(2019, 8, 20)])
def test_what_was_known_on_a_day_is_what_is_known_of_it(zhengzhou, day):
    known, now = (
        rectifications(
            zhengzhou, WHOLE_CITY, RectificationQuestion(as_of=day, known_at=known_at)
        ).totals
        for known_at in (datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZONE), None)
    )
    assert known == now


@pytest.mark.parametrize("table", ["hazard", "outage", "rectification"])
def test_nothing_was_written_down_before_it_happened(zhengzhou, table):
    happened = {
        "hazard": "greatest(found_at, closed_at)",
        "outage": "greatest(started_at, ended_at)",
        "rectification": "greatest(found_at, state_at, closed_at)",
    }[table]
    early = text(f"SELECT count(*) FROM {table} WHERE recorded_at < {happened}")  # noqa: S608 - tables of ours
    assert zhengzhou.scalar(early) == 0


def test_on_a_day_each_district_reported_or_its_report_is_missing(zhengzhou):
    told = submissions_of(zhengzhou, Period(date(2019, 9, 2), 1, "Asia/Shanghai"))
    assert sum(map(len, told.values())) == 16
    n_sent = zhengzhou.scalar(select(func.count()).select_from(Submission))
    assert 0.93 < n_sent / (16 * 92) < 0.99


def test_a_district_that_found_nothing_reports_zero():
    found = pd.DataFrame(
        {"district": ["金水区"], "found_at": [pd.Timestamp("2019-08-02 10:00", tz=ZONE)]}
    )
    sent = submissions(np.random.default_rng(1), districts(), found)
    reported = sent[sent["state"] == "reported"]
    assert reported[["party", "period_start"]].to_numpy().tolist() == [["金水区", date(2019, 8, 2)]]
    assert set(sent["state"]) == {"reported", "zero_report"}


@pytest.mark.parametrize("kind", ["suspension", "exposure"])
def test_no_unit_is_suspended_or_exposed_twice(zhengzhou, kind):
    met = select(func.count(), func.count(Sanction.unit_id.distinct())).where(Sanction.kind == kind)
    n_sanctions, n_units = zhengzhou.execute(met).one()
    assert n_sanctions == n_units


def test_leaders_went_to_every_district_in_the_national_holiday(zhengzhou):
    visited = text("""
        SELECT count(DISTINCT unit.address) FROM inspection JOIN unit ON unit.id = unit_id
        WHERE manner = '领导带队督导'
    """)
    assert zhengzhou.scalar(visited) == 16


def test_each_unit_lies_in_its_own_district(zhengzhou):
    in_own_cell = text("""
        SELECT count(*) FROM unit JOIN placement ON placement.unit_id = unit.id
        JOIN cell ON cell.id = placement.cell_id JOIN grid ON grid.id = cell.grid_id
        WHERE grid.code = 'districts' AND cell.name = unit.address
    """)
    assert zhengzhou.scalar(in_own_cell) == 21_000


@pytest.mark.parametrize(("grid", "n_cells"), [("districts", 16), ("grids", 176)])
def test_the_cells_leave_no_gap_and_do_not_overlap(zhengzhou, grid, n_cells):
    shapes = text("""
        SELECT ST_AsBinary(cell.geom) FROM cell JOIN grid ON grid.id = cell.grid_id
        WHERE grid.code = :grid
    """)
    cells = shapely.from_wkb(zhengzhou.scalars(shapes, {"grid": grid}).all())
    whole = shapely.union_all(districts().cells)
    assert len(cells) == n_cells
    assert shapely.area(cells).sum() == pytest.approx(shapely.union_all(cells).area, abs=1e-9)
    assert shapely.area(cells).sum() == pytest.approx(whole.area, abs=1e-9)


def test_each_finer_cell_belongs_to_the_district_of_its_code(zhengzhou):
    strange = text("""
        SELECT count(*) FROM cell JOIN grid ON grid.id = cell.grid_id
        LEFT JOIN cell AS parent ON parent.id = cell.parent_id
        WHERE grid.code = 'grids' AND left(cell.code, 2) IS DISTINCT FROM parent.code
    """)
    assert zhengzhou.scalar(strange) == 0
