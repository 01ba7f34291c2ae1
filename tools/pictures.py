"""Take the pictures of the three pages: ``python -m tools.pictures``.

Each page of each city at the size of a wall, a desk and a phone goes into build/pages/; the
README's are chosen among them. Chicago needs the folder that GUATU_REAL_DATA names and is left out
without it. Each city is loaded into a store of its own, which is gone afterwards.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, ViewportSize

from api.app import create_app
from api.settings import Settings
from api.store import connected, make_store, private_cluster
from data.samples import load_sample
from maps.layers import SUBJECTS, Subject
from tools.chromium import launched, served, wait_until_drawn
from tools.palette_png import shrink

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "build" / "pages"
FOLDER = ROOT / "pictures"
MAX_BYTES = 400_000

SIZES: dict[str, ViewportSize] = {
    "wall": {"width": 1920, "height": 1080},
    "desk": {"width": 1366, "height": 768},
    "phone": {"width": 390, "height": 844},
}
LANGUAGES = {"helsinki": "zh", "zhengzhou": "zh", "chicago": "en"}
DAYS: dict[tuple[str, Subject], str] = {("chicago", "streetlights"): "2013-07-01"}
"""Where the last day of the city says nothing: the complaints of Chicago end before it."""

CHOSEN = {
    "helsinki-streetlights-wall": "streetlights",
    "helsinki-hazards-wall": "hazards",
    "helsinki-coverage-wall": "coverage",
}
"""Which of them the README shows, and under what name."""


def main() -> None:
    """Take every picture."""
    BUILT.mkdir(parents=True, exist_ok=True)
    named = os.environ.get("GUATU_REAL_DATA")
    for sample in LANGUAGES:
        if sample == "chicago" and not named:
            continue
        folder = Path(named) / sample if named and sample == "chicago" else None
        with loaded(sample, folder) as settings:
            take_all(settings, sample)


@contextmanager
def loaded(sample: str, folder: Path | None = None) -> Iterator[Settings]:
    """Give the settings of a private cluster that holds a sample city."""
    with tempfile.TemporaryDirectory(prefix="guatu-") as home:
        # As root, the cluster's own user has to pass.
        Path(home).chmod(0o711)
        settings = Settings(home=Path(home), city=sample, database_url=None)
        try:
            with connected(make_store(settings, sample)) as engine:
                load_sample(engine, sample, folder)
            yield settings
        finally:
            private_cluster(settings).stop()


def take_all(settings: Settings, sample: str) -> None:
    """Photograph the pages of one city at every size."""
    with served(create_app(settings)) as service, launched() as browser:
        for subject in SUBJECTS:
            for size in SIZES:
                name = f"{sample}-{subject}-{size}"
                address = f"{service}/maps/{subject}?{_query(sample, subject, size)}"
                picture = take(browser, address, SIZES[size])
                (BUILT / f"{name}.png").write_bytes(picture)
                print(f"{name}: {len(picture):,} bytes", flush=True)
                if name in CHOSEN:
                    _keep(CHOSEN[name], picture)


def _query(sample: str, subject: Subject, size: str) -> str:
    asked = {"lang": LANGUAGES[sample]}
    if (sample, subject) in DAYS:
        asked["as_of"] = DAYS[sample, subject]
    if size == "wall":
        asked["wall"] = "1"
    return urlencode(asked)


def take(browser: Browser, address: str, size: ViewportSize) -> bytes:
    """Photograph one page when all of it is drawn."""
    page = browser.new_page(viewport=size, locale="zh-CN")
    page.goto(address)
    wait_until_drawn(page)
    picture = shrink(browser, page.screenshot())
    page.close()
    return picture


def _keep(name: str, picture: bytes) -> None:
    """Make a picture one of the README's."""
    if len(picture) > MAX_BYTES:
        raise SystemExit(f"{name}.png would take {len(picture):,} bytes, over {MAX_BYTES:,}")
    (FOLDER / f"{name}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
