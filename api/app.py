"""The service: everything it needs is built here, from the settings it is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import maps
from api import errors
from api.bodies import BodyLimit
from api.caching import VERSION
from api.declaring import Surroundings
from api.kept import KeptResponses
from api.policies import check_policies, reader
from api.routes import (
    answers,
    changes,
    choices,
    consistency,
    description,
    documents,
    exports,
    figures,
    handovers,
    imports,
    ledgers,
    pages,
    pictures,
    placements,
    posters,
    publications,
    rectifications,
    scripts,
    searching,
    shapes,
    state,
    tiles,
    timeline,
    unplaced,
)
from api.security import SafeHeaders
from api.settings import Settings
from api.store import anchors_folder, open_store
from api.watching import Watch
from data.answers import KeptAnswers
from data.answers.hazard_sums import KeptHazards
from data.answers.openings import Openings
from data.basemaps import Basemap
from data.engine import make_engine, make_glance_engine
from data.samples.publishing import KeptPublished
from maps.page import TileMap
from maps.posters.poster import Imprint

ASSETS = Path(maps.__file__).parent

ROUTES = (
    tiles,  # asked for by far the most, and routes are tried in turn
    answers,
    consistency,
    changes,
    choices,
    description,
    documents,
    exports,
    figures,
    handovers,
    searching,
    imports,
    ledgers,
    pages,
    pictures,
    placements,
    publications,
    posters,
    rectifications,
    scripts,
    shapes,
    state,
    timeline,
    unplaced,
)


def create_app(settings: Settings) -> FastAPI:
    """Build the service on the store that `settings` names.

    Raises
    ------
    StoreError
        When there is no such store.
    UndeclaredPolicyError
        When a route does not say who may read it.
    """
    app = FastAPI(
        title="Guatu",
        version=VERSION,
        description="Coverage, hotspots and streetlight outages of a city, for any day.",
        openapi_url=None,
        lifespan=_lifespan,
    )
    app.state.language = settings.language
    app.state.keep_uploads_days = settings.keep_uploads_days
    app.state.answers = KeptAnswers()
    app.state.published = KeptPublished()
    app.state.around = Surroundings(Openings(), Basemap(settings.basemap), _behind(settings))
    app.state.imprint = Imprint(settings.office, settings.map_approval)
    url = open_store(settings).url
    app.state.engine = make_engine(url, statement_timeout_s=settings.statement_timeout_s)
    app.state.glances = make_glance_engine(url, statement_timeout_s=settings.statement_timeout_s)
    app.state.anchors = anchors_folder(settings)
    # For what writes: an import is not over when a reader's patience is.
    app.state.patient_engine = make_engine(url)
    app.state.watch = Watch(app.state.engine)
    app.state.hazards = KeptHazards(app.state.engine)
    _surround(app, settings)
    for routes in ROUTES:
        app.include_router(routes.router)
    app.mount("/static/guatu", StaticFiles(directory=ASSETS / "static"))
    app.mount("/static/vendor", StaticFiles(directory=ASSETS / "vendor"))
    check_policies(app.routes)
    return app


def _surround(app: FastAPI, settings: Settings) -> None:
    """Put around the routes what holds for all of them.

    The last one added is the outermost: every answer gets its headers, failures too.
    """
    # What is kept is packed once; the quickest packing already leaves a seventh of an answer.
    app.add_middleware(GZipMiddleware, compresslevel=1)
    app.add_middleware(KeptResponses, watch=app.state.watch, reader=reader)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.trusted_hosts))
    errors.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SafeHeaders)


def _behind(settings: Settings) -> TileMap | None:
    if settings.tile_url is None:
        return None
    return TileMap(settings.tile_url, settings.tile_datum, settings.tile_attribution)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.watch.close()
    app.state.engine.dispose()
    app.state.glances.dispose()
    app.state.patient_engine.dispose()
