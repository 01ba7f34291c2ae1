"""Work that outlives a request: a queue in the same database, and the workers that empty it.

A worker that dies leaves its job behind; another one finds it by its missing heartbeat and does it
again. Jobs are safe to repeat: what is written, is written in one transaction with the state that
says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job, Status
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from data.engine import APP_ROLE, transaction

QUEUE = "imports"
TASK = "carry_out"
TRIES = 3
HEARTBEAT_S = 10.0
STALLED_AFTER_S = 30.0
KEEP_JOBS_H = 24 * 30
CHORES_EVERY_S = 3600.0

Task = Callable[[int], None]

log = logging.getLogger("guatu")

_PATH = "procrastinate, public"
_FORGOTTEN = text("""
    UPDATE import_batch
    SET state = 'failed', report = jsonb_build_object('message', CAST(:reason AS text))
    WHERE state IN ('checking', 'importing') AND NOT EXISTS (
        SELECT FROM procrastinate.procrastinate_jobs AS jobs
        WHERE jobs.id = import_batch.job AND jobs.status IN ('todo', 'doing'))
""")


def defer(session: Session, batch_id: int) -> int:
    """Queue the work on a batch, in the same transaction that asks for it."""
    former = session.scalar(text("SELECT current_setting('search_path')"))
    path = text("SELECT set_config('search_path', :path, true)")
    session.execute(path, {"path": _PATH})
    driver = session.connection().connection.driver_connection
    queue = App(connector=PsycopgConnector())
    job = queue.configure_task(TASK, queue=QUEUE, connection=driver).defer(batch_id=batch_id)
    session.execute(path, {"path": former})
    return job


def work(
    engine: Engine,
    task: Task,
    *,
    chores: Callable[[], object] = lambda: None,
    wait: bool = True,
) -> None:
    """Do jobs until interrupted; without `wait`, until there are none.

    `chores` are done at the beginning and then once an hour.
    """
    asyncio.run(_work(engine, task, chores, wait=wait))


async def _work(engine: Engine, task: Task, chores: Callable[[], object], *, wait: bool) -> None:
    app = _app(engine)

    @app.task(name=TASK, queue=QUEUE)
    def carry_out(batch_id: int) -> None:
        task(batch_id)

    async with app.open_async():
        watches = [
            asyncio.create_task(_repeat(partial(sweep_jobs, app, engine), STALLED_AFTER_S / 2)),
            asyncio.create_task(_repeat(partial(asyncio.to_thread, chores), CHORES_EVERY_S)),
        ]
        try:
            await app.run_worker_async(
                queues=[QUEUE],
                wait=wait,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_AFTER_S,
            )
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)


def _app(engine: Engine) -> App:
    """Return the queue of the store, on connections that may wait as long as they need."""
    url = make_url(engine.url).set(drivername="postgresql")
    options = f"-c role={APP_ROLE} -c search_path={_PATH.replace(' ', '')}"
    connector = PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs={"options": options, "application_name": "guatu worker"},
        min_size=1,
        max_size=3,
    )
    return App(connector=connector)


async def _repeat(act: Callable[[], Awaitable[object]], every_s: float) -> None:
    """Do something again and again; a failure is logged and not the end."""
    while True:
        try:
            await act()
        except Exception:
            log.exception("what a worker does beside its jobs failed")
        await asyncio.sleep(every_s)


async def sweep(engine: Engine) -> None:
    """Look after the jobs of dead workers once."""
    app = _app(engine)
    async with app.open_async():
        await sweep_jobs(app, engine)


async def sweep_jobs(app: App, engine: Engine) -> None:
    """Do the jobs of dead workers again, up to `TRIES` times; drop what ended long ago."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await _again(app, job)
    await app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS_H, include_failed=True, include_cancelled=True, include_aborted=True
    )
    await asyncio.to_thread(_fail_forgotten, engine)


async def _again(app: App, job: Job) -> None:
    if job.attempts + 1 < TRIES:
        log.warning("job %s is done again: its worker ended", job.id)
        await app.job_manager.retry_job(job=job, retry_at=datetime.now(UTC))
    else:
        log.error("job %s is given up: its worker ended %s times", job.id, TRIES)
        await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=False)


def _fail_forgotten(engine: Engine) -> None:
    """Say of batches whose job came to nothing that they failed."""
    reason = f"the worker ended {TRIES} times while it was at it"
    with transaction(engine) as session:
        session.execute(_FORGOTTEN, {"reason": reason})
