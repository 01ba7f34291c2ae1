import pandas as pd
import pytest
import shapely
from shapely import box
from sqlalchemy import Engine, select, text

from data.cities import create_city
from data.engine import transaction
from data.grid_cells import cells_of_grid
from data.grids import GridHead, load_grid
from data.models import Grid

ONE, TWO = box(0, 0, 1, 1), box(1, 0, 2, 1)


def save(session, **cells):
    rows = pd.DataFrame({"external_code": list(cells), "geom": list(cells.values())})
    load_grid(session, GridHead("g", "g", "management"), rows, source="t")


@pytest.fixture
def grid(clean_engine: Engine) -> Engine:
    with transaction(clean_engine) as session:
        create_city(session, "t", name="t", timezone="Asia/Shanghai")
        save(session, a=ONE, b=TWO)
    return clean_engine


def cells(session):
    return cells_of_grid(session, session.scalars(select(Grid.id)).one())


def middles(found):
    return shapely.get_x(shapely.centroid(found.polygons)).tolist()


def test_the_index_is_built_once_while_the_grid_is_the_same(grid):
    with transaction(grid) as session:
        first = cells(session)
    with transaction(grid) as session:
        assert cells(session) is first
        assert first.placer.place([0.5, 1.5], [0.5, 0.5]).tolist() == [0, 1]


@pytest.mark.parametrize(
    "after",
    [{"a": TWO, "b": ONE}, {"a": ONE}, {"a": ONE, "c": TWO}, {"a": ONE, "b": TWO, "c": TWO}],
)
def test_a_cell_that_is_moved_removed_replaced_or_added_is_seen_at_once(grid, after):
    with transaction(grid) as session:
        before = cells(session)
        save(session, **after)
        assert middles(cells(session)) == [after[code].centroid.x for code in sorted(after)]
    with transaction(grid) as session:
        assert cells(session) is not before


def test_what_a_transaction_wrote_is_not_kept_while_it_may_write_more(grid):
    with transaction(grid) as session:
        for geom in (TWO, ONE, TWO):
            save(session, a=geom)
            assert middles(cells(session)) == [geom.centroid.x]


def test_what_another_transaction_has_not_committed_is_not_seen(grid):
    with transaction(grid) as other:
        other.execute(text("DELETE FROM cell WHERE code = 'b'"))
        assert len(cells(other).ids) == 1
        with transaction(grid) as session:
            assert len(cells(session).ids) == 2
