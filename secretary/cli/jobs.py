"""`secretary jobs`: a list of jobs, newest first."""

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from secretary.cli.completion import batch_ids, job_types
from secretary.cli.options import AsJson, DataDir, Status, Url
from secretary.cli.speaking import one_line, out, remark

if TYPE_CHECKING:
    from secretary.cli.remote.client import Client

EXAMPLE: Final = "Example: [bold]secretary jobs --status failed --search invoice[/bold]"

_PAGE: Final = 100
_COLUMNS: Final = ("id", "status", "percent", "type", "created", "name")
_SHORTEST_NAME: Final = 8
_WIDE: Final = 100
"""Columns from which on there is room for the type and the time."""


def jobs(
    status: Annotated[
        list[Status] | None, typer.Option(help="Only these; may be repeated.", show_default=False)
    ] = None,
    job_type: Annotated[
        str | None, typer.Option("--type", help="Only this job type.", show_default=False, autocompletion=job_types)
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only this batch's.", show_default=False, autocompletion=batch_ids),
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only with this in the name.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many at most.")] = 20,
    *,
    as_json: AsJson = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """List jobs, newest first. Out of a terminal it is a table with tabs, whole."""
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client
    from secretary.cli.remote.client import as_json as encoded

    if batch is not None and not batch.startswith("batch-"):
        raise typer.BadParameter(
            f"{batch!r} is no id of a batch; `secretary submit --batch NAME` prints it.", param_hint="--batch"
        )
    given = {
        "status": [one.upper() for one in status or ()] or None,
        "jobType": job_type,
        "batchId": batch,
        "nameContains": search,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    with Client(address_of(url, data_dir)) as client:
        found = _Found(client, wanted, limit)
        if as_json:
            for job in found:
                print(encoded(_for_programs(job)))
        elif not sys.stdout.isatty():
            print("\t".join(_COLUMNS))
            for job in found:
                print("\t".join(_cells(job)))
        else:
            _show(list(found))
            if found.total > limit:
                remark(f"{limit:,} of {found.total:,}; --limit shows more.")
            elif not found.total:
                remark(
                    "There is no such job." if wanted else "There is no job yet; `secretary submit FILE.pdf` makes one."
                )


def _refuse_unknown_type(client: "Client", job_type: str) -> None:
    from secretary.parameters.near_match import near_match

    known = [one["name"] for one in client.ask("JobTypes")]
    if job_type not in known:
        raise typer.BadParameter(
            f"there is no job type {job_type!r}; known: {', '.join(known)}.{near_match(job_type, known)}",
            param_hint="--type",
        )


class _Found:
    """The jobs page by page."""

    def __init__(self, client: "Client", wanted: Mapping[str, Any], limit: int) -> None:
        self._client, self._wanted, self._limit = client, wanted, limit
        # At once, so that nothing is printed when nothing is answered.
        self._first = self._page(None, limit)
        self.total: int = self._first["totalCount"]
        if not self.total and "jobType" in wanted:
            _refuse_unknown_type(client, wanted["jobType"])

    def _page(self, after: str | None, left: int) -> dict[str, Any]:
        page: dict[str, Any] = self._client.ask("Jobs", first=min(left, _PAGE), after=after, filter=self._wanted)
        return page

    def __iter__(self) -> Iterator[dict[str, Any]]:
        left, page = self._limit, self._first
        while True:
            yield from (edge["node"] for edge in page["edges"])
            left -= len(page["edges"])
            if left <= 0 or not page["pageInfo"]["hasNextPage"]:
                return
            page = self._page(page["pageInfo"]["endCursor"], left)


def _for_programs(job: Mapping[str, Any]) -> dict[str, Any]:
    """The names that REST has for the same, though a cancelled job reads `cancelled`."""
    return {
        "job_id": job["id"],
        "job_name": job["name"],
        "job_type": job["jobType"],
        "status": job["status"].lower(),
        "created_at": job["createdAt"],
        "user_id": job["userId"],
        "priority": job["priority"],
        "attempt": job["attempt"],
        "progress": job["progress"],
        "batch_id": job["batch"] and job["batch"]["id"],
    }


def _cells(job: Mapping[str, Any]) -> tuple[str, ...]:
    percent = str(job["progress"]["percent"])
    created = f"{moment(job['createdAt']):%Y-%m-%d %H:%M:%S}"
    return job["id"], job["status"].lower(), percent, job["jobType"], created, one_line(job["name"] or "")


def _show(found: list[dict[str, Any]]) -> None:
    from secretary.cli.bars import STYLES

    if not found:
        return
    wide = out.width >= _WIDE
    rows = [_cells(job) for job in found]
    kept = (0, 1, 2, 3, 4) if wide else (0, 1, 2)
    widths = [max(len(row[place]) for row in (_COLUMNS, *rows)) for place in kept]
    room = max(_SHORTEST_NAME, out.width - sum(widths) - 2 * len(widths))
    for row in (_COLUMNS, *rows):
        heading = "dim" if row is _COLUMNS else ""
        # Ids are there to be copied: they are never cut, names are.
        line = Text(style=heading)
        for place, width in zip(kept, widths, strict=True):
            line.append(f"{row[place]:<{width}}  ", style=STYLES.get(row[place], ""))
        name = Text(row[-1])
        name.truncate(room, overflow="ellipsis")
        out.print(line.append_text(name))


def moment(text: str) -> datetime:
    """A time of the service in the time zone of who reads it."""
    return datetime.fromisoformat(text).astimezone()
