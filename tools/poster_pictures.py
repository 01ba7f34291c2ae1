"""Draw the posters that are looked at before a release: ``python -m tools.poster_pictures``.

They go into build/posters/, with the seconds and the memory each took; one of them, made smaller,
is the README's. Chicago needs the folder that GUATU_REAL_DATA names and is left out without it.
"""

import os
import resource
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from api.declaring import Wish
from api.posters import PosterWish, Reader, read_poster
from api.settings import Settings
from api.store import connected, open_store
from data.answers import answer
from data.engine import snapshot
from data.scope import WHOLE_CITY
from maps.layers import SUBJECTS
from maps.posters import draw
from maps.posters.paper import Paper
from tools.pictures import FOLDER, MAX_BYTES, loaded

BUILT = Path(__file__).parent.parent / "build" / "posters"
SHOWN = "zhengzhou-streetlights-A3"
SHOWN_WIDTH = 1600
COLORS = 96
DAY = date(2019, 8, 25)
DISTRICT = "01"
OUTAGES_DAY = date(2013, 7, 1)
"""A day on which the streetlight complaints of Chicago were still recorded."""


def main() -> None:
    """Draw every poster, and the README's picture."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with loaded("zhengzhou") as settings:
        _draw(settings, dict(zhengzhou()))
    if named := os.environ.get("GUATU_REAL_DATA"):
        with loaded("chicago", Path(named) / "chicago") as settings:
            _draw(settings, dict(chicago()))


def zhengzhou() -> Iterator[tuple[str, PosterWish]]:
    """Yield the posters of the simulated campaign, by their names."""
    page = Wish("zh", as_of=DAY)
    for subject in SUBJECTS:
        for size in ("A3", "A0"):
            yield f"zhengzhou-{subject}-{size}", PosterWish(subject, page, Paper(size, None))
        part = PosterWish(subject, page, Paper("A3", None), within=DISTRICT)
        yield f"zhengzhou-{subject}-district", part


def chicago() -> Iterator[tuple[str, PosterWish]]:
    """Yield the posters of the real city, by their names."""
    for subject in SUBJECTS:
        page = Wish("en", as_of=OUTAGES_DAY if subject == "streetlights" else None)
        yield f"chicago-{subject}-A3", PosterWish(subject, page, Paper("A3", None))


def _draw(settings: Settings, wishes: dict[str, PosterWish]) -> None:
    with connected(open_store(settings)) as engine:
        for name, wish in wishes.items():
            began = time.perf_counter()
            with snapshot(engine) as session:
                found = read_poster(Reader(session, WHOLE_CITY, answer), wish)
            drawn = draw(found, "pdf")
            seconds = time.perf_counter() - began
            (BUILT / f"{name}.pdf").write_bytes(drawn.content)
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name}: {seconds:.1f} s, {peak_mb:,.0f} MB so far, {dict(drawn.missing)}")
            if name == SHOWN:
                _show(draw(found, "png").content)


def _show(png: bytes) -> None:
    """Keep a poster as the README's picture."""
    whole = Image.open(BytesIO(png)).convert("RGB")
    high = round(whole.height * SHOWN_WIDTH / whole.width)
    small = whole.resize((SHOWN_WIDTH, high), Image.Resampling.LANCZOS).quantize(COLORS)
    file = BytesIO()
    small.save(file, "png", optimize=True)
    if len(file.getvalue()) > MAX_BYTES:
        raise SystemExit(f"the picture would take {len(file.getvalue()):,} bytes")
    (FOLDER / "poster.png").write_bytes(file.getvalue())


if __name__ == "__main__":
    main()
