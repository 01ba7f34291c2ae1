"""The scripts of each page, as one file."""

from fastapi import APIRouter, Response

from api.policies import ANYONE
from data.errors import NotFoundError
from maps.assets import BUNDLES, bundle_text, bundle_url

router = APIRouter(include_in_schema=False, dependencies=[ANYONE])

KEEP = "public, max-age=31536000, immutable"
"""Other scripts have another address."""


@router.get("/static/scripts/{name}")
async def scripts(name: str) -> Response:
    """Return all scripts of a page."""
    page = name.partition(".")[0]
    if page not in BUNDLES or not bundle_url(page).endswith(f"/{name}"):
        raise NotFoundError(f"{name}: there are no scripts of that name")
    return Response(
        bundle_text(page), headers={"Cache-Control": KEEP}, media_type="text/javascript"
    )
