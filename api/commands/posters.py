"""guatu poster: a sheet for the wall, drawn without a browser."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsOfOption, LanguageOption, WindowOption, day_of, settings_of
from api.commands.terminal import progress, say, write
from api.declaring import Wish
from api.errors import UnreadableFileError
from api.posters import PosterWish, Reader, read_poster, read_series
from api.store import connected, open_store
from data.answers import answer
from data.engine import snapshot
from data.scope import WHOLE_CITY
from maps.layers import Subject
from maps.posters import ENDINGS, Drawn, Ending, draw, draw_pictures, draw_series
from maps.posters.paper import Paper, Size
from maps.posters.poster import Imprint, Poster


def poster(
    context: typer.Context,
    subject: Annotated[Subject, typer.Argument(help="Which of the three maps.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file: .pdf or .png.")],
    *,
    size: Annotated[Size, typer.Option(help="Of the paper.")] = "A3",
    portrait: Annotated[
        bool | None, typer.Option("--portrait/--landscape", help="Default: as the city lies.")
    ] = None,
    grid: Annotated[str | None, typer.Option(help="Code of the grid.")] = None,
    within: Annotated[str | None, typer.Option(help="Code of a cell: only what is in it.")] = None,
    districts: Annotated[
        str | None, typer.Option(help="Code of the grid of districts; default the coarsest.")
    ] = None,
    view: Annotated[
        str | None,
        typer.Option(help="Color by: hotspots|counts, coverage|gap, status|density|work."),
    ] = None,
    series: Annotated[
        bool, typer.Option("--series", help="An index and a sheet for each district.")
    ] = False,
    as_of: AsOfOption = None,
    window: WindowOption = 365,
    due: Annotated[
        date | None, typer.Option(parser=day_of, metavar="DAY", help="Deadline to count down to.")
    ] = None,
    office: Annotated[str | None, typer.Option(help="Who made it; default: GUATU_OFFICE.")] = None,
    approval: Annotated[str | None, typer.Option(help="Number of the approval of the map.")] = None,
    lang: LanguageOption = None,
) -> None:
    """Draw a poster: map, legend, ranking, days to the deadline, with the figures of the API."""
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise UnreadableFileError(f"{out}: the ending is none of .{', .'.join(ENDINGS)}")
    settings = settings_of(context)
    wish = PosterWish(
        subject,
        Wish(lang or settings.language, grid, as_of, window),
        Paper(size, portrait),
        Imprint(office or settings.office, approval or settings.map_approval),
        due,
        within,
        districts,
        view,
    )
    with progress() as step:
        step("reading the figures")
        with connected(open_store(settings)) as engine, snapshot(engine) as session:
            reader = Reader(session, WHOLE_CITY, answer)
            found = read_series(reader, wish) if series else read_poster(reader, wish)
        step(f"drawing {out.name}")
        for file, drawn in _drawn(found, out, ending):
            _keep(file, drawn)


def _drawn(
    found: Poster | tuple[Poster, list[Poster]], out: Path, ending: Ending
) -> Iterator[tuple[Path, Drawn]]:
    """Yield each file with what is drawn in it: a series of pictures has one for each sheet."""
    if isinstance(found, Poster):
        yield out, draw(found, ending)
    elif ending == "pdf":
        yield out, draw_series(*found)
    else:
        for number, drawn in enumerate(draw_pictures(*found), 1):
            yield out.with_stem(f"{out.stem}-{number:02}"), drawn


def _keep(file: Path, drawn: Drawn) -> None:
    write(drawn.content, file)
    for text, characters in drawn.missing.items():
        say(f"no glyph for {' '.join(characters)} in {text!r}: a geta mark stands in its place")
    say(f"{file} is drawn")
