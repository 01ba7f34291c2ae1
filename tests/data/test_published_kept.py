"""Published figures are counted once for each state of the store."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from data.cities import create_city
from data.models import Revision
from data.samples import publishing
from data.samples.publishing import KeptPublished

pytestmark = pytest.mark.db


@pytest.fixture
def counted(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A simulated city somebody published of; how often its figures are counted."""
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    times = count(1)
    counting = {"test": lambda _session: [{"rows": next(times)}]}
    monkeypatch.setattr(publishing, "PUBLISHED", counting)
    return times


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("subject", ["grids", "ledgers", "streetlights", "rectifications"])
def test_published_figures_are_counted_anew_once_anything_was_written(
    session: Session, subject: str
) -> None:
    kept = KeptPublished()
    assert [kept.beside_rows(session) for _ in range(2)] == [[{"rows": 1}]] * 2
    moved = update(Revision).where(Revision.subject == subject)
    session.execute(moved.values(value=Revision.value + 1))
    assert [kept.beside_rows(session) for _ in range(2)] == [[{"rows": 2}]] * 2
