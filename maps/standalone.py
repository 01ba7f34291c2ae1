"""One HTML file that opens from a disk, with no server and no network."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from maps.assets import asset_text
from maps.frame import insert_data
from maps.page import PageDeclaration, page_data, render_frame

_LINK = re.compile(r'<link rel="stylesheet" href="(/static/[^"]+)"/>')
_SCRIPT = re.compile(r'<script src="(/static/[^"]+)"></script>')
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SOURCE_MAP = re.compile(r"^\s*(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True)
class KeptDays:
    """The days that a file plays.

    Attributes
    ----------
    timeline
        As the service tells it: ``days``, each with ``on`` and ``n``, and ``campaigns``.
    packed
        Their answers, by `maps.kept_days.pack_days`.
    """

    timeline: Mapping[str, Any]
    packed: str


def render_standalone(
    declaration: PageDeclaration, data: Mapping[str, Any], days: KeptDays | None = None
) -> str:
    """Return a page that holds everything it shows; with `days`, a timeline that plays them.

    Parameters
    ----------
    data
        ``answer``: the answer object; for each layer to draw (``cells``, ``segments``) a
        GeoJSON FeatureCollection whose features carry ``code`` and ``name``; and ``basemap``, whose
        features carry ``kind``, ``rank`` and ``name``. Points are the caller's choice: exact places
        of hazards do not leave the office unless asked for.
    """
    frame = render_frame(declaration, nonce=None, live=False, timeline=days is not None)
    html = _inline(frame)
    html = html.replace("<head>", f"<head>\n{_policy(html)}", 1)
    whole = {"answer", "basemap"}
    drawn = {name: value if name in whole else _outlines(value) for name, value in data.items()}
    if days is not None:
        drawn |= {"timeline": dict(days.timeline), "days": days.packed}
    block = page_data(declaration) | {
        "answer_url": "",
        "tile_urls": {},
        "behind": None,
        "data": drawn,
    }
    return insert_data(html, {"declaration": block})


def _outlines(collection: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shapes with their names only: the figures are in the answer already."""
    features = [
        {
            "type": "Feature",
            "properties": {key: feature["properties"].get(key) for key in ("code", "name")},
            "geometry": feature["geometry"],
        }
        for feature in collection["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def _inline(html: str) -> str:
    """Put the text of our styles and scripts in place of the links to them."""

    def style(match: re.Match[str]) -> str:
        return f"<style>{_text(match[1])}</style>"

    def script(match: re.Match[str]) -> str:
        return (
            f"<script>{_text(match[1]).replace('</script', chr(60) + chr(92) + '/script')}</script>"
        )

    return _SCRIPT.sub(script, _LINK.sub(style, html))


def _text(url: str) -> str:
    return _SOURCE_MAP.sub("", asset_text(url))


def _policy(html: str) -> str:
    """Return the page's own rule: only the scripts it was made with run, and nothing is fetched.

    The hashes are taken before any data is in the page.
    """
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(html)
    )
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "worker-src blob:; img-src data: blob:; connect-src blob: data:"
    )
    return f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
