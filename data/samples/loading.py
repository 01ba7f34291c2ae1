"""Put a sample city into a store."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data.campaigns import load_campaigns
from data.cities import create_city, settle_city
from data.engine import loading
from data.errors import SampleMissingError
from data.grids import load_grid
from data.loading import MODELS, LoadCounts, load
from data.loading import SUBJECTS as SUBJECTS_OF_LEDGERS
from data.samples import chicago, helsinki, soho1854, zhengzhou
from data.samples.city import Ledger, SampleCity
from data.samples.playing import play
from data.samples.steps import Progress, Step, Steps
from data.sanctions import load_sanctions
from data.submissions import load_submissions

SAMPLES: Mapping[str, Callable[[Path | None], SampleCity]] = MappingProxyType(
    {
        "helsinki": helsinki.read,
        "soho1854": soho1854.read,
        "zhengzhou": zhengzhou.read,
        "chicago": chicago.read,
    }
)
"""How each sample city is read; chicago needs the folder of its files."""

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {**SUBJECTS_OF_LEDGERS, "sanctions": "rectifications"}
)
"""The counter that a transaction which loads a ledger of a sample must move."""

Kinds = dict[str, dict[str, int]]

_FIGURES = ("rows", "rejected", "total", "without_position")


@dataclass(frozen=True)
class SampleLoad:
    """What was loaded.

    Attributes
    ----------
    kinds
        For each kind of ledger: `rows` read, `rejected` because their code repeats, `total` of the
        others, and how many of these are `without_position`.
    notes
        What a reader of the sample should know, one sentence each.
    steps
        What each step took.
    """

    sample: str
    simulated: bool
    kinds: Kinds
    notes: tuple[str, ...]
    steps: tuple[Step, ...]


def load_sample(
    engine: Engine, name: str, data_dir: Path | None = None, progress: Progress = lambda _: None
) -> SampleLoad:
    """Read the sample city `name` and make it the city of the store, in one transaction.

    Loading it again changes nothing, and moves no revision.

    Raises
    ------
    SampleMissingError
        When there is no such sample, or its package or folder is not there.
    OtherCityError
        When the store holds another city.
    """
    if name not in SAMPLES:
        raise SampleMissingError(f"no sample {name}; there are {', '.join(SAMPLES)}")
    steps = Steps(progress)
    with steps.step("read"):
        city = SAMPLES[name](data_dir)
    kinds: Kinds = {kind: dict.fromkeys(_FIGURES, 0) for kind in MODELS}
    # The transaction looks at what moved when it ends, after the ledgers have told.
    moved: set[str] = set()
    with loading(engine, moves=moved) as session:
        _make_city(session, city)
        for kind, counts in _loads(session, city, steps):
            if counts.wrote:
                moved.add(SUBJECTS[kind])
            if kind in kinds:
                _add(kinds[kind], counts)
        sequels = list(_sequels(session, city, steps))
        moved |= {SUBJECTS[ledger.kind] for ledger, counts in sequels if counts.wrote}
        if city.submissions is not None and load_submissions(session, city.submissions):
            moved.add("rectifications")
        if city.campaigns is not None and load_campaigns(session, city.campaigns):
            moved.add("rectifications")
        settle_city(session)
        with steps.step("act"):
            play(session, city.deeds)
    return SampleLoad(name, city.simulated, kinds, city.notes, tuple(steps.done))


def _make_city(session: Session, city: SampleCity) -> None:
    create_city(
        session,
        city.code,
        name=city.name,
        timezone=city.timezone,
        metric_srid=city.metric_srid,
        simulated=city.simulated,
        attribution=city.attribution,
        default_as_of=city.default_as_of,
    )


def _loads(session: Session, city: SampleCity, steps: Steps) -> Iterator[tuple[str, LoadCounts]]:
    """Load grids and ledgers one by one; say of which kind each was and what became of it."""
    for grid in city.grids:
        with steps.step(f"load grid {grid.head.code}"):
            yield "grids", load_grid(session, grid.head, grid.cells, source=city.code)
    for ledger in city.ledgers:
        with steps.step(f"load {ledger.kind} ({ledger.source})"):
            yield ledger.kind, load(session, ledger.kind, ledger.rows, source=ledger.source)


def _sequels(
    session: Session, city: SampleCity, steps: Steps
) -> Iterator[tuple[Ledger, LoadCounts]]:
    """Load what became of rows that are there, and what units were ordered to do."""
    for ledger in city.sequels:
        with steps.step(f"load what became of {ledger.kind} ({ledger.source})"):
            yield ledger, load(session, ledger.kind, ledger.rows, source=ledger.source)
    for ledger in city.sanctions:
        with steps.step(f"load {ledger.kind} ({ledger.source})"):
            yield ledger, load_sanctions(session, ledger.rows, source=ledger.source)


def _add(figures: dict[str, int], counts: LoadCounts) -> None:
    figures["rows"] += counts.rows
    figures["rejected"] += counts.duplicate
    figures["total"] += counts.rows - counts.duplicate
    figures["without_position"] += counts.without_position
