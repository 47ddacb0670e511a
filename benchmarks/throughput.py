"""Jobs per second that do nothing, through real worker processes: what the way of a job costs."""

import contextlib
import time
from collections.abc import Iterator

from benchmarks.bare_database import BareDatabase, temporary_postgresql, temporary_sqlite
from benchmarks.bare_dramatiq import BareDramatiq, running_worker
from benchmarks.figures import Figure, rate_figure
from benchmarks.installation import Installation, private_valkey, running_service, until
from benchmarks.options import Options


def measure(options: Options) -> list[Figure]:
    figures = [_compared("SQLite", temporary_sqlite(), {}, options)]
    if options.postgresql:
        with temporary_postgresql() as url:
            own = {"SECRETARY_DATABASE_URL": url}
            figures.append(_compared("PostgreSQL", contextlib.nullcontext(url), own, options))
    return figures


def _compared(
    kind: str, database: contextlib.AbstractContextManager[str], settings: dict[str, str], options: Options
) -> Figure:
    jobs = options.few(1_000, 100)
    rounds = options.few(options.rounds, 1)
    with running_service(**settings) as service:
        ours = [_our_rate(service, jobs) for _ in range(rounds)]
    with (
        database as url,
        private_valkey() as address,
        _table(url) as table,
        running_worker(address, database=url) as bare,
    ):
        baseline = [_bare_rate(bare, table, jobs) for _ in range(rounds)]
    return rate_figure(f"jobs that do nothing, {kind}", "jobs/s", baseline=baseline, ours=ours)


def _our_rate(service: Installation, jobs: int) -> float:
    run = service.run_batch([{"job_type": "noop", "parameters": {}}] * jobs)
    if run.failed:
        raise RuntimeError(f"{run.failed} jobs failed")
    return jobs / run.seconds


def _bare_rate(bare: BareDramatiq, table: BareDatabase, jobs: int) -> float:
    """One insert and one message each; the worker is at work meanwhile, as ours is."""
    table.make_table()
    begun = time.time()
    for job_id in range(jobs):
        table.add_job(job_id)
        bare.work.send(job_id)
    until(lambda: table.ended()[0] == jobs, what="all messages were worked on", seconds=300)
    return jobs / (table.ended()[1] - begun)


@contextlib.contextmanager
def _table(url: str) -> Iterator[BareDatabase]:
    database = BareDatabase(url)
    database.make_table()
    yield database
    database.close()
