"""The one class that reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may set, each as ``GUATU_…``."""

    model_config = SettingsConfigDict(env_prefix="GUATU_")

    database_url: str | None = None
    """Any PostGIS 3.3 or newer; without it a private cluster under `home`."""

    home: Path | None = None
    """Folder of the private cluster; default: the user's data folder."""

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
