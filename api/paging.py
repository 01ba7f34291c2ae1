"""Pages by key: numbers of rows, how many are asked for, and where the next ones are."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Request

LARGEST_ID = 2**31 - 1

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0, le=LARGEST_ID)]


def page_of(
    request: Request, found: Sequence[dict[str, Any]], limit: int, key: str = "after"
) -> dict[str, Any]:
    """Return the rows as `items`, and as `next` the address of those that follow the last `id`.

    A page that is not full is the last.
    """
    if len(found) < limit:
        return {"items": found, "next": None}
    url = request.url.include_query_params(**{key: found[-1]["id"]})
    return {"items": found, "next": f"{url.path}?{url.query}"}
