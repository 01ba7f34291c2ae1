"""What this machine has beside PostgreSQL: a browser and a font, for prints and browser tests.

Only the standard library, as in `data.postgres`: set-up asks before anything is installed.
"""

import shutil
import subprocess
from pathlib import Path


def find_chromium() -> Path | None:
    """Return the browser's program, if there is one; best one that has no windows to draw."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    return None


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese glyphs."""
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    listed = subprocess.run(  # noqa: S603 - found on the path
        [lister, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())
