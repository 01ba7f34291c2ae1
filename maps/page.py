"""The three map pages and the start page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from maps import words
from maps.assets import bundle_url, vendor_url
from maps.frame import (
    CHINA,
    DATA_MARK,
    TEMPLATES,
    Bounds,
    Frame,
    WallMap,
    insert_data,
)
from maps.layers import CHANGED, DECLARED, NOTICES, SUBJECTS, Subject
from maps.words import Language

DATUMS = ("", "wgs84", "gcj02", "bd09", "cgcs2000")
"""What a person may say coordinates come from; '' is not known."""


@dataclass(frozen=True)
class TileMap:
    """A map of somebody else's that pages lie on: pictures at the address template `url`.

    `datum` is one of ``wgs84``, ``gcj02`` and ``bd09``.
    """

    url: str
    datum: str
    attribution: str | None = None

    @property
    def origin(self) -> str:
        """Scheme and host, which a page must be allowed to ask."""
        scheme, host, *_ = urlsplit(self.url)
        return f"{scheme}://{host}"


@dataclass(frozen=True)
class PageDeclaration:
    """What one map page is about. Names of the city and of grids are ledger text: JSON only.

    Attributes
    ----------
    grids
        Code and name of every grid.
    as_of
        The resolved day, ISO.
    bounds
        West, south, east, north of the city in degrees; ``None``: nothing is loaded yet.
    answer_url
        Where the figures are, with the whole query.
    tile_urls
        Layer of the tiles -> path with ``{z}``, ``{x}`` and ``{y}``, with the whole query.
    cells_from
        The zoom from which cells are drawn.
    compare
        The earlier day to compare with, ISO.
    has_published
        Whether somebody published figures of the city, which have a page of their own.
    chosen
        What was chosen among the hazards or streets, by the name of the choice.
    behind
        The map of another service that the page lies on.
    """

    subject: Subject
    language: Language
    city: str
    grids: tuple[tuple[str, str], ...]
    grid: str | None
    as_of: str
    window_days: int
    simulated: bool
    attribution: str | None
    bounds: Bounds | None
    revision: int
    answer_url: str
    tile_urls: Mapping[str, str]
    cells_from: int = 0
    compare: str | None = None
    has_published: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    behind: TileMap | None = None


@dataclass(frozen=True)
class StartDeclaration:
    """What the start page is about.

    Attributes
    ----------
    answer_urls
        Subject -> where its figures are; a subject without figures is left out.
    """

    language: Language
    city: str
    as_of: str
    simulated: bool
    attribution: str | None
    answer_urls: Mapping[str, str]
    has_published: bool = False


@dataclass(frozen=True)
class ImportDeclaration:
    """What the page that takes ledgers in is about.

    Attributes
    ----------
    kinds
        The ledgers that can be imported.
    endings
        What names of files may end in.
    tile_urls
        Address template of the basemap, with ``{z}/{x}/{y}``.
    behind
        As of `PageDeclaration`.
    """

    language: Language
    city: str
    timezone: str
    kinds: tuple[str, ...]
    endings: tuple[str, ...]
    tile_urls: Mapping[str, str] = field(default_factory=dict)
    behind: TileMap | None = None


def page_data(declaration: PageDeclaration) -> dict[str, Any]:
    """Return the JSON block that the page's script reads."""
    declared = DECLARED[declaration.subject].plain
    cells = {"min_zoom": declaration.cells_from}
    layers = [layer | cells if layer["layer"] == "cells" else layer for layer in declared["layers"]]
    return asdict(declaration) | {
        "bounds": declaration.bounds or CHINA,
        "notices": NOTICES,
        "declared": {**declared, "layers": layers},
        "changed": asdict(CHANGED),
        "words": words.table(declaration.language),
    }


def render_frame(
    declaration: PageDeclaration, *, nonce: str | None, live: bool, timeline: bool = True
) -> str:
    """Render the document with room for its data; `live` pages carry links and controls."""
    frame = Frame(
        "page.html",
        nonce,
        {
            "language": declaration.language,
            "subject": declaration.subject,
            "subjects": SUBJECTS,
            "simulated": declaration.simulated,
            "has_published": declaration.has_published,
            "live": live,
            "timeline": timeline,
            "scripts": [*_shifting(declaration.behind), bundle_url("map")],
            "word": partial(words.text, language=declaration.language),
        },
    )
    frame.add_child(WallMap(declaration.bounds or CHINA))
    return frame.render()


def _shifting(behind: TileMap | None) -> list[str]:
    """Return the library that knows the datums of Chinese maps, for a page that lies on one."""
    return [] if behind is None or behind.datum == "wgs84" else [vendor_url("gcoord.js")]


def render_page(declaration: PageDeclaration, *, nonce: str | None = None) -> str:
    """Return one map page; `nonce` goes to every inline script and style."""
    html = render_frame(declaration, nonce=nonce, live=True)
    return insert_data(html, {"declaration": page_data(declaration)})


def render_start(declaration: StartDeclaration) -> str:
    """Return the start page, which links the three maps with their headline figures."""
    html = TEMPLATES.get_template("start.html").render(
        language=declaration.language,
        subjects=SUBJECTS,
        simulated=declaration.simulated,
        has_published=declaration.has_published,
        scripts=[bundle_url("start")],
        word=partial(words.text, language=declaration.language),
        data_mark=DATA_MARK,
    )
    cards = {subject: DECLARED[subject].plain["cards"] for subject in SUBJECTS}
    block = asdict(declaration) | {
        "cards": cards,
        "notices": NOTICES,
        "words": words.table(declaration.language),
    }
    return insert_data(html, {"declaration": block})


def render_imports(declaration: ImportDeclaration) -> str:
    """Return the page that takes ledgers in; what files hold reaches it as JSON only."""
    html = TEMPLATES.get_template("imports.html").render(
        language=declaration.language,
        subjects=SUBJECTS,
        kinds=declaration.kinds,
        datums=DATUMS,
        endings=",".join(declaration.endings),
        scripts=[*_shifting(declaration.behind), bundle_url("imports")],
        word=partial(words.text, language=declaration.language),
        data_mark=DATA_MARK,
    )
    block = asdict(declaration) | {
        "words": words.import_table(declaration.language),
        "sentences": words.sentences(declaration.language),
        "lists": words.lists(declaration.language),
    }
    return insert_data(html, {"declaration": block})
