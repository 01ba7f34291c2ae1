"""The scripts of each page, as one file."""

from fastapi import APIRouter, Response

from api.policies import ANYONE
from data.errors import NotFoundError
from maps.assets import MissingAssetError, asset_text

router = APIRouter(include_in_schema=False, dependencies=[ANYONE])

KEEP = "public, max-age=31536000, immutable"
"""Other scripts have another address."""


@router.get("/static/scripts/{name}")
async def scripts(name: str) -> Response:
    """Return all scripts of a page."""
    try:
        text = asset_text(f"/static/scripts/{name}")
    except MissingAssetError as error:
        raise NotFoundError(f"{name}: there are no scripts of that name") from error
    return Response(text, headers={"Cache-Control": KEEP}, media_type="text/javascript")
