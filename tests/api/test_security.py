import pytest
from pydantic import ValidationError

from api.security import new_nonce, page_policy
from api.settings import Settings
from maps.page import TileMap

TILES = "https://tiles.example:8443/vec/{z}/{x}/{y}.png?tk=abc"


def test_a_page_may_load_from_its_own_host_only() -> None:
    sources = page_policy("abc").replace(";", " ").split()
    assert not [source for source in sources if "*" in source or "http" in source]


def test_scripts_run_from_our_files_or_with_the_nonce_of_the_page() -> None:
    assert "script-src 'self' 'nonce-abc';" in page_policy("abc")


def test_no_two_pages_share_a_nonce() -> None:
    assert new_nonce() != new_nonce()


def test_only_pictures_may_come_from_the_host_of_the_map_behind() -> None:
    policy = page_policy("abc", TileMap(TILES, "gcj02").origin)
    named = [part for part in policy.split("; ") if "http" in part]
    assert named == ["img-src 'self' data: blob: https://tiles.example:8443"]


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example; script-src */{z}/{x}/{y}.png",
        "javascript:{z}{x}{y}",
    ],
)
def test_an_address_that_would_open_the_policy_is_no_setting(url: str) -> None:
    with pytest.raises(ValidationError, match="tile_url"):
        Settings(tile_url=url)
