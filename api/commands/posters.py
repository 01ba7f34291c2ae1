"""guatu poster: a sheet for the wall, drawn without a browser."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsOfOption, LanguageOption, WindowOption, day_of, settings_of
from api.commands.terminal import progress, say, write
from api.declaring import Wish
from api.errors import UnreadableFileError
from api.posters import PosterWish, read_poster
from api.store import connected, open_store
from data.answers import answer
from data.engine import snapshot
from data.scope import WHOLE_CITY
from maps.layers import Subject
from maps.posters import ENDINGS, draw
from maps.posters.paper import Paper, Size
from maps.posters.poster import Imprint


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
    if out.suffix.lower() not in ENDINGS:
        raise UnreadableFileError(f"{out}: the ending is none of {', '.join(ENDINGS)}")
    settings = settings_of(context)
    wish = PosterWish(
        subject,
        Wish(lang or settings.language, grid, as_of, window),
        Paper(size, portrait),
        Imprint(office or settings.office, approval or settings.map_approval),
        due,
    )
    with connected(open_store(settings)) as engine, snapshot(engine) as session, progress() as step:
        step("reading the figures")
        found = read_poster(session, WHOLE_CITY, wish, answer)
        step(f"drawing {out.name}")
        drawn = draw(found, out.suffix.lower())
    write(drawn.content, out)
    for text, characters in drawn.missing.items():
        say(f"no glyph for {' '.join(characters)} in {text!r}: 〓 stands in its place")
    say(f"{out} is drawn")
