"""The folium frame of a page: folium draws it, our template surrounds it, no link leaves."""

import json
import re
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps.assets import MissingAssetError, vendor_url

Bounds = tuple[float, float, float, float]

CHINA: Bounds = (73.5, 18.0, 135.0, 53.6)

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

FOLIUM_LINKS: dict[str, str | None] = {
    "leaflet": "leaflet.js",
    "leaflet_css": "leaflet.css",
    "maplibre_gl_js": "maplibre-gl.js",
    "maplibre_gl_css": "maplibre-gl.css",
    "leaflet_maplibre_js": "leaflet-maplibre-gl.js",
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "glyphicons_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
}
"""Name folium gives a link -> vendored file; ``None``: the link is dropped, our pages use none."""

FOLIUM_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
"""It forbids readers to zoom; our template has one that does not."""

DATA_MARK = Markup("<!-- data -->")


class MapLibreLayer(JSCSSMixin, MacroElement):
    """MapLibre GL inside a folium map; the page's script gives it sources and layers."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            maplibregl.prewarm();  /* its worker starts while our scripts are read */
            var {{ this.get_name() }} = L.maplibreGL({
                style: {{ this.style|tojson }}, attributionControl: false, fadeDuration: 0
            });
        {% endmacro %}
        """
    )

    # folium keeps JS and CSS links in one table by name: equal names would replace each other.
    default_js = [  # noqa: RUF012  # folium reads a plain class attribute
        ("maplibre_gl_js", "maplibre-gl.js"),
        ("leaflet_maplibre_js", "leaflet-maplibre-gl.js"),
    ]
    default_css = [("maplibre_gl_css", "maplibre-gl.css")]  # noqa: RUF012  # as above

    def __init__(self, background: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "maplibre"
        self._id = "guatu"
        self.style = {
            "version": 8,
            "sources": {},
            "layers": [
                {
                    "id": "background",
                    "type": "background",
                    "paint": {"background-color": background},
                }
            ],
        }


class WallMap(folium.Map):
    """A folium map without basemap, named `map_guatu` so that equal pages are equal.

    The page's script fits it to the bounds: folium would do so with an animation that a kept view
    could not stop.
    """

    def __init__(self, bounds: Bounds) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_control=False,
            attributionControl=False,
            zoomSnap=0,  # the city fills its frame
            maxZoom=20,
        )
        self._id = "guatu"
        self.add_child(MapLibreLayer(background="#e8ebe9"))


class Frame(Figure):
    """The document around the map. Only our own words and numbers may be given to it."""

    def __init__(self, template: str, nonce: str | None, values: dict[str, Any]) -> None:
        super().__init__()
        self._page = template
        self._nonce = nonce
        self._values = values

    def render(self, **kwargs: Any) -> str:
        """Render the children, keep their links on our host, then the document."""
        for child in self._children.values():
            child.render(**kwargs)
        self._keep_links_local()
        parts = {
            part: self._nonced(FOLIUM_VIEWPORT.sub("", getattr(self, part).render()))
            for part in ("header", "html", "script")
        }
        return TEMPLATES.get_template(self._page).render(
            nonce=self._nonce, data_mark=DATA_MARK, **parts, **self._values
        )

    def _keep_links_local(self) -> None:
        links = self.header._children  # noqa: SLF001  # branca has no other way to its own links
        for name, child in list(links.items()):
            if not isinstance(child, JavascriptLink | CssLink):
                continue
            if name not in FOLIUM_LINKS:
                raise MissingAssetError(
                    f"folium links to {child.url} and no vendored file replaces it"
                )
            file = FOLIUM_LINKS[name]
            if file is None:
                del links[name]
            else:
                child.url = vendor_url(file)

    def _nonced(self, markup: str) -> Markup:
        """Give inline scripts and styles the page's nonce."""
        if self._nonce is None:
            return Markup(markup)  # noqa: S704  # drawn by folium from our own numbers only
        return Markup(re.sub(r"<(script|style)>", rf'<\1 nonce="{self._nonce}">', markup))  # noqa: S704  # as above


def embed_json(value: Any) -> str:
    """Return JSON that no HTML parser can leave: angle brackets and the like are escaped."""
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return plain


def insert_data(html: str, blocks: dict[str, Any]) -> str:
    """Put JSON blocks where the template left room, after every template has been rendered."""
    elements = [
        f'<script type="application/json" id="{name}">{embed_json(value)}</script>'
        for name, value in blocks.items()
    ]
    before, _, after = html.partition(DATA_MARK)
    return before + "\n".join(elements) + after
