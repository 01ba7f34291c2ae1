"""The description of the API itself."""

from typing import Any

from fastapi import APIRouter, Request

from api.policies import ANYONE

router = APIRouter(dependencies=[ANYONE])


@router.get("/api/v1/openapi.json", include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Return the OpenAPI description of every route."""
    description: dict[str, Any] = request.app.openapi()
    return description
