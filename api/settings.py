"""The one class that reads the environment."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may set, each as ``GUATU_…``."""

    model_config = SettingsConfigDict(env_prefix="GUATU_")

    database_url: str | None = None
    """Any PostGIS 3.3 or newer; without it a private cluster under `home`."""

    home: Path | None = None
    """Folder of the private cluster; default: the user's data folder."""

    basemap: Path | None = None
    """A file that `guatu basemap` made; where it is out of date the store is drawn instead."""

    tile_url: str | None = None
    """Pictures of a map to lie on, with {z}, {x} and {y}: the one other host that pages ask."""

    tile_datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    """The datum of that map."""

    tile_attribution: str | None = None
    """Whose map it is, as its owner wants it said."""

    anchors: Path | None = None
    """Folder where the chain of events is anchored, best on another machine; default: `home`'s."""

    city: str | None = None
    """Which city of the private cluster; default: the one last loaded."""

    cluster_user: str = "postgres"
    """System user that runs the private cluster when the command is run by root."""

    language: Literal["zh", "en"] = "zh"
    """Language of pages when the reader's request names none."""

    statement_timeout_s: float = 10
    """Longest a single database statement of the service may take."""

    keep_uploads_days: float = 30
    """How long a file that was sent is kept; what was imported of it stays."""

    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names the service answers to; other host names in a request are refused."""

    office: str | None = None
    """Who makes the posters (制图单位); without it a line is left to be filled in."""

    map_approval: str | None = None
    """Number of the approval of maps (审图号); without it posters are for internal use."""

    @field_validator("tile_url")
    @classmethod
    def _is_template(cls, value: str | None) -> str | None:
        if value is None:
            return None
        url = urlsplit(value)
        # The host goes into the policy of every page, where these would end it.
        plain = not set(url.netloc) & set("{};, '*")
        whole = all(f"{{{name}}}" in value for name in "zxy")
        if url.scheme not in {"http", "https"} or not url.netloc or not plain or not whole:
            raise ValueError("it must be like https://tiles.example/{z}/{x}/{y}.png")
        return value
