"""guatu basemap: the streets and boundaries of the store in one file, for maps to lie on."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import settings_of
from api.commands.terminal import progress, say
from api.errors import UnreadableFileError
from api.store import connected, open_store
from data.basemaps import bake
from data.engine import snapshot


def basemap(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file (.pmtiles).")],
) -> None:
    """Bake the streets, boundaries and names of the city into one file of tiles (PMTiles)."""
    with (
        connected(open_store(settings_of(context))) as engine,
        snapshot(engine) as session,
        progress() as begin,
    ):
        try:
            n_tiles = bake(session, out, begin)
        except OSError as error:
            raise UnreadableFileError(f"{out} cannot be written: {error.strerror}") from error
    say(f"{out} is baked: {n_tiles:,} tiles, {out.stat().st_size / 1e6:.1f} MB")
