"""`secretary cancel`, `retry` and `delete`: jobs and batches changed by their ids."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secretary.cli.completion import job_ids
from secretary.cli.options import DataDir, Url
from secretary.cli.speaking import complain, remark
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.cli.remote.client import Client

CANCEL_EXAMPLE: Final = "Example: [bold]secretary cancel job-0199…[/bold]"
RETRY_EXAMPLE: Final = "Example: [bold]secretary retry job-0199… | xargs secretary watch[/bold]"
DELETE_EXAMPLE: Final = "Example: [bold]secretary delete job-0199… --yes[/bold]"

_PAGE: Final = 100

Ids = Annotated[
    list[str], typer.Argument(metavar="ID…", help="Jobs and batches.", autocompletion=job_ids, show_default=False)
]


def cancel(ids: Ids, url: Url = None, data_dir: DataDir = None) -> None:
    """End jobs that wait or run, or all those of a batch. Prints the id of each that was cancelled."""

    def change(client: "Client", one: str) -> None:
        if is_batch(one):
            client.ask("CancelBatch", id=one)
        else:
            client.call("POST", f"{_path(one)}/cancel")

    _each(ids, url, data_dir, change)


def retry(
    ids: Ids,
    also_cancelled: Annotated[
        bool, typer.Option("--cancelled", help="Of a batch, run the cancelled jobs again, too.")
    ] = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Run failed or cancelled jobs again, or those of a batch that failed. Prints the id of each that runs again."""

    def change(client: "Client", one: str) -> None:
        if is_batch(one):
            client.ask("RetryBatch", id=one, onlyFailed=not also_cancelled)
        else:
            client.call("POST", f"{_path(one)}/retry")

    _each(ids, url, data_dir, change)


def delete(
    ids: Ids,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Remove jobs and what they produced, or all jobs of a batch; those that run are cancelled first. Prints the id of each."""
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client

    with Client(address_of(url, data_dir)) as client:
        jobs = list(dict.fromkeys(job for one in ids for job in jobs_of(client, one)))
        if not yes and jobs:
            _ask(len(jobs))
        raise typer.Exit(_done(client, jobs, lambda client, one: client.call("DELETE", _path(one))))


def is_batch(one: str) -> bool:
    return one.startswith("batch-")


def jobs_of(client: "Client", one: str) -> Iterator[str]:
    """The job itself, or the jobs of a batch; raises CannotStart when there is no such batch."""
    if not is_batch(one):
        yield one
        return
    after = None
    while True:
        batch = client.ask("Batch", id=one, first=_PAGE, after=after)
        if batch is None:
            raise CannotStart(f"There is no batch {one}.")
        yield from (job["id"] for job in batch["jobs"]["nodes"])
        after = batch["jobs"]["pageInfo"]["endCursor"]
        if not batch["jobs"]["pageInfo"]["hasNextPage"]:
            return


def _ask(count: int) -> None:
    if not sys.stdin.isatty():
        raise CannotStart("Nothing was deleted: there is nobody to ask; say --yes.")
    what = "this job and what it" if count == 1 else f"these {count:,} jobs and what they"
    if not typer.confirm(f"Delete {what} produced?", err=True):
        remark("Nothing was deleted.")
        raise typer.Exit(1)


def _each(ids: Sequence[str], url: str | None, data_dir: DataDir, change: "Callable[[Client, str], object]") -> None:
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client

    with Client(address_of(url, data_dir)) as client:
        raise typer.Exit(_done(client, list(dict.fromkeys(ids)), change))


def _done(client: "Client", ids: Sequence[str], change: "Callable[[Client, str], object]") -> int:
    """The exit code; one that is refused does not hold up the others."""
    from secretary.cli.remote.client import Refused

    refused = 0
    for one in ids:
        try:
            change(client, one)
        except Refused as error:
            if error.code in {"UNAUTHORIZED", ""}:
                raise
            refused = 1
            complain(f"{one}: {error}")
        else:
            print(one, flush=True)
    return refused


def _path(one: str) -> str:
    from secretary.cli.remote.client import job_path

    return job_path(one)
