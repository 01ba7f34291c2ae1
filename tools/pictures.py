"""Take the pictures of the README from the sample city: ``python -m tools.pictures``.

The city is loaded into a store of its own, which is gone afterwards.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from playwright.sync_api import Browser

from api.app import create_app
from api.settings import Settings
from api.store import connected, make_store, private_cluster
from data.samples import load_sample
from maps.layers import Subject
from tools.chromium import launched, served, wait_until_drawn
from tools.palette_png import shrink

SAMPLE = "helsinki"
FOLDER = Path(__file__).parent.parent / "pictures"
MAX_BYTES = 400_000


def main() -> None:
    """Take one picture of each map."""
    FOLDER.mkdir(exist_ok=True)
    with loaded(SAMPLE) as settings, served(create_app(settings)) as address, launched() as browser:
        for subject in get_args(Subject):
            picture = FOLDER / f"{subject}.png"
            take(browser, f"{address}/maps/{subject}?lang=zh", picture)
            print(f"{picture}: {picture.stat().st_size:,} bytes")


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


def take(browser: Browser, address: str, picture: Path) -> None:
    """Photograph one page when all of it is drawn."""
    page = browser.new_page(viewport={"width": 1600, "height": 900}, locale="zh-CN")
    page.goto(address)
    wait_until_drawn(page)
    shot = shrink(browser, page.screenshot())
    page.close()
    if len(shot) > MAX_BYTES:
        raise SystemExit(f"{picture.name} would take {len(shot):,} bytes, over {MAX_BYTES:,}")
    picture.write_bytes(shot)


if __name__ == "__main__":
    main()
