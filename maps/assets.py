"""The JavaScript and CSS of the pages, and the fonts of the posters: no remote links."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from geo.errors import GuatuError

STATIC_DIR = Path(__file__).parent / "static"
VENDOR_DIR = Path(__file__).parent / "vendor"

VENDOR = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "maplibre-gl.js": "maplibre-gl/dist/maplibre-gl.js",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "leaflet-maplibre-gl.js": "@maplibre/maplibre-gl-leaflet/leaflet-maplibre-gl.js",
    "gcoord.js": "gcoord/dist/gcoord.global.prod.js",
    "leaflet.LICENSE.txt": "leaflet/LICENSE",
    "maplibre-gl.LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "leaflet-maplibre-gl.LICENSE.txt": "@maplibre/maplibre-gl-leaflet/LICENSE",
    "gcoord.LICENSE.txt": "gcoord/LICENSE",
    "noto-sans-sc.LICENSE.txt": "@fontsource/noto-sans-sc/LICENSE",
}
"""File in maps/vendor/ -> its path below node_modules/: set-up copies exactly these."""

FONTS = {
    "noto-sans-sc-400.ttf": "@fontsource/noto-sans-sc/files/*-400-normal.woff",
    "noto-sans-sc-700.ttf": "@fontsource/noto-sans-sc/files/*-700-normal.woff",
}
"""Font in maps/vendor/ -> its slices below node_modules/: set-up merges them into one file."""

BUNDLES: Mapping[str, tuple[str, ...]] = {
    "map": (
        "words.js",
        "answers.js",
        "kept.js",
        "classes.js",
        "textures.js",
        "basemap.js",
        "behind.js",
        "paints.js",
        "picture.js",
        "shapes.js",
        "drawing.js",
        "draw.js",
        "legend.js",
        "rows.js",
        "cards.js",
        "ranking.js",
        "acts.js",
        "work.js",
        "panel.js",
        "controls.js",
        "filters.js",
        "period.js",
        "compare.js",
        "swipe.js",
        "timeline.js",
        "wall.js",
        "finding.js",
        "page.js",
    ),
    "start": (
        "words.js",
        "answers.js",
        "cards.js",
        "start.js",
    ),
    "imports": (
        "words.js",
        "asking.js",
        "preview.js",
        "report.js",
        "history.js",
        "basemap.js",
        "behind.js",
        "placing.js",
        "imports.js",
    ),
}
"""Page -> its scripts in maps/static/, in the order they run: it asks for all of them at once."""

_BUNDLED = "/static/scripts/"
_ROOTS = {"/static/guatu/": STATIC_DIR, "/static/vendor/": VENDOR_DIR}


class MissingAssetError(GuatuError):
    """A page needs a file that set-up has not put in place."""


def vendor_url(name: str) -> str:
    """Address of a vendored file on our own server."""
    if name not in VENDOR:
        raise MissingAssetError(f"{name} is not in the vendor manifest of maps/assets.py")
    return f"/static/vendor/{name}"


@cache
def bundle_url(page: str) -> str:
    """Address of the scripts of a page on our own server, another one when any of them changes.

    Raises
    ------
    MissingAssetError
        When there is no such page.
    """
    digest = sha256(bundle_text(page).encode()).hexdigest()[:12]
    return f"{_BUNDLED}{page}.{digest}.js"


@cache
def bundle_text(page: str) -> str:
    """Text of all scripts of a page.

    Raises
    ------
    MissingAssetError
        When there is no such page.
    """
    if page not in BUNDLES:
        raise MissingAssetError(f"{page} is none of {', '.join(BUNDLES)}")
    return "\n".join((STATIC_DIR / name).read_text(encoding="utf-8") for name in BUNDLES[page])


def missing_assets() -> list[str]:
    """Names of the vendored files that are not there."""
    return sorted(name for name in VENDOR | FONTS if not (VENDOR_DIR / name).is_file())


def font_file(name: str) -> Path:
    """Path of a font that set-up has made.

    Raises
    ------
    MissingAssetError
        When it is not there.
    """
    path = VENDOR_DIR / name
    if name not in FONTS or not path.is_file():
        raise MissingAssetError(f"the font {name} is not there: run `make setup`")
    return path


def asset_text(url: str) -> str:
    """Text of the file behind a `/static/…` address.

    Raises
    ------
    MissingAssetError
        When the address is not one of ours or the file is not there.
    """
    bundled = {bundle_url(page): page for page in BUNDLES}
    if url in bundled:
        return bundle_text(bundled[url])
    for root, folder in _ROOTS.items():
        name = url.removeprefix(root)
        if name != url and "/" not in name and (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise MissingAssetError(f"{url} is not there: run `make setup`")
