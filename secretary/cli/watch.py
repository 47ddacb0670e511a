"""`secretary watch`: jobs and batches followed to their end, many at once."""

import asyncio
import contextlib
import shlex
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from secretary.cli.completion import job_ids
from secretary.cli.options import AsJson, DataDir, Url
from secretary.cli.speaking import complain, err, one_line, out, remark

if TYPE_CHECKING:
    from secretary.cli.remote.address import Address
    from secretary.cli.remote.followed import Followed

EXAMPLE: Final = "Example: [bold]secretary watch job-0199… batch-0199…[/bold]"
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells report it."""

_MOST_TOLD: Final = 20

Show = Callable[["Followed"], None]


def watch(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Jobs and batches.", autocompletion=job_ids, show_default=False)
    ],
    as_json: AsJson = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Follow jobs and batches to their end. Exit code 0 when all completed, 1 when one did not. Ctrl-C leaves them running."""
    from secretary.cli.remote.address import address_of

    raise typer.Exit(watch_to_the_end(address_of(url, data_dir), ids, as_json=as_json))


def watch_to_the_end(
    address: "Address", ids: Sequence[str], *, names: Sequence[str] = (), as_json: bool, console: Console = out
) -> int:
    """The exit code. `names` are shown until the service tells them."""
    from secretary.cli.remote.followed import Followed

    known = dict(zip_longest(ids, names, fillvalue=""))
    followed = [Followed(one, name) for one, name in known.items()]
    try:
        from secretary.cli.remote.watching import Watching

        with _interruptible(), _showing(console, followed, as_json=as_json) as (show, note):
            asyncio.run(Watching(address, followed, tell=show, note=note).run())
    except KeyboardInterrupt:
        say_how_to_go_on([one.id for one in followed if not one.settled])
        return INTERRUPTED
    for one in followed:
        _complain_of(address, one)
    return 0 if all(one.ended_well for one in followed) else 1


@contextlib.contextmanager
def _showing(
    console: Console, followed: "Sequence[Followed]", *, as_json: bool
) -> Iterator[tuple[Show, Callable[[str, bool], None]]]:
    from secretary.cli.bars import showing_bars

    def say(sentence: str, _: bool) -> None:
        remark(sentence)

    if as_json:
        from secretary.cli.remote.client import as_json as encoded

        yield lambda one: print(encoded(one.as_dict()), flush=True), say
    elif not console.is_terminal:
        yield _plain_lines(console), say
    else:
        with showing_bars(console, followed) as bars:

            def note(sentence: str, is_away: bool) -> None:
                bars.note = sentence if is_away else ""

            yield lambda _: None, note


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Being ended is like being interrupted, so that the terminal gets its cursor back."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _plain_lines(console: Console) -> Show:
    """A line for each new step, ten percent or end: enough for a log, not too much for two hundred jobs."""
    last: dict[str, tuple[str, str, int]] = {}

    def show(one: "Followed") -> None:
        from secretary.cli.bars import label, said

        now = (one.status, one.step, int(one.percent) // 10)
        if one.status and last.get(one.id) != now:
            last[one.id] = now
            name = "" if label(one) == one.id else f"  {label(one)}"
            # Not by rich, which ends the program when its reader leaves, even in the middle of a task.
            print(f"{one.id}  {int(one.percent):3d} %{name}  {said(one)}", file=console.file, flush=True)

    return show


def say_how_to_go_on(left: Sequence[str]) -> None:
    """What to type to follow these again; nothing when there are none."""
    if not left:
        return
    named = shlex.join(left)
    them = "it" if len(left) == 1 else "them"
    remark(f"Not followed any more, but still running; `secretary watch {named}` follows {them} again.")


def _complain_of(address: "Address", one: "Followed") -> None:
    if one.ended_well:
        for warning in one.warnings:
            err.print(Text.assemble(("warning: ", "yellow"), f"{one_line(one.name) or one.id}: {one_line(warning)}"))
    elif one.is_batch and one.ended:
        _complain_of_batch(address, one)
    elif one.problem is not None:
        about = f"{one_line(one.name)} ({one.id})" if one.name else one.id
        complain(f"{about}: {one_line(one.problem.message)}")


def _complain_of_batch(address: "Address", batch: "Followed") -> None:
    from secretary.cli.remote.client import Client

    wanted = {"batchId": batch.id, "status": ["FAILED", "CANCELLED"]}
    with Client(address) as client:
        page = client.ask("EndedBadly", first=_MOST_TOLD, filter=wanted)
    for job in page["nodes"]:
        why = one_line((job["error"] or {}).get("message") or job["status"].lower())
        complain(f"{one_line(job['name'] or '')} ({job['id']}): {why}".removeprefix(" "))
    if (more := page["totalCount"] - len(page["nodes"])) > 0:
        complain(f"… and {more:,} more of {batch.id}; `secretary jobs --batch {batch.id} --status failed` lists them.")
