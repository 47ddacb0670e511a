"""`secretary download`: what jobs produced, as archives or single files."""

import contextlib
import os
import sys
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from secretary.cli.changes import is_batch, jobs_of
from secretary.cli.completion import job_ids
from secretary.cli.options import DataDir, Url
from secretary.cli.speaking import complain, err, one_line
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    import httpx

    from secretary.cli.remote.client import Client

EXAMPLE: Final = "Example: [bold]secretary download job-0199… --output results/[/bold]"
STANDARD_OUTPUT: Final = "-"

_STILL_RUNNING: Final = 202
_WORTH_A_BAR: Final = 4 << 20


def download(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Jobs and batches.", autocompletion=job_ids, show_default=False)
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file, a folder (with / at its end it is made), or - for standard output.",
        ),
    ] = "./",
    file: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A single file in place of the archive; may be repeated.", show_default=False
        ),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite what is there.")] = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Fetch the archive of everything a job produced, or single files of it, and print where each lies."""
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client, Refused

    if output == STANDARD_OUTPUT and sys.stdout.isatty() and not file:
        raise CannotStart(
            "An archive is nothing for a terminal; hand it on: secretary download ID --output - > archive.zip"
        )
    refused = 0
    with Client(address_of(url, data_dir)) as client:
        jobs = list(dict.fromkeys(job for one in ids for job in jobs_of(client, one)))
        target = Target(
            output, several=len(jobs) * len(file or ("archive",)) > 1 or any(map(is_batch, ids)), force=force
        )
        for job in jobs:
            for name in file or (None,):
                try:
                    _fetch(client, job, name, target)
                except Refused as error:
                    refused = 1
                    complain(f"{job}: {error}")
    raise typer.Exit(refused)


class Target:
    """Where what is fetched goes, under which name, and that nothing is overwritten unasked."""

    def __init__(self, output: str, *, several: bool, force: bool) -> None:
        self._path = Path(output)
        self._to_standard_output = output == STANDARD_OUTPUT
        self._force = force
        self._taken: set[Path] = set()
        self._is_folder = output.endswith("/") or self._path.is_dir()
        if several and not self._is_folder and not self._to_standard_output:
            raise CannotStart(f"Several files need a folder: --output {output}/")
        if several and self._to_standard_output:
            raise CannotStart("Only one file can go to standard output.")

    @contextlib.contextmanager
    def opened(self, name: str, job_id: str) -> Iterator[IO[bytes]]:
        """A file that is there, whole, once this ends; when it ends by an error there is none."""
        if self._to_standard_output:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        path = self._place(name, job_id)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                yield file
            if self._force:
                part.replace(path)
            else:
                # Unlike a rename, a link never takes the place of what came there meanwhile.
                _link(part, path)
        except OSError as error:
            raise CannotStart(f"{path} cannot be written ({error.strerror}).") from None
        finally:
            part.unlink(missing_ok=True)
        self._taken.add(path)
        print(path)

    def _place(self, name: str, job_id: str) -> Path:
        path = self._path / _safe(name) if self._is_folder else self._path
        if path in self._taken:
            path = path.with_name(f"{path.stem}-{job_id[-8:]}{path.suffix}")
        if path.exists() and not self._force:
            raise CannotStart(f"{path} is there already; --force overwrites it.")
        return path


def _link(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise CannotStart(f"{path} is there already; --force overwrites it.") from None
    except OSError:
        # A file system without links.
        part.replace(path)


def _fetch(client: "Client", job_id: str, name: str | None, target: Target) -> None:
    from secretary.cli.remote.client import Refused, job_path

    path = f"{job_path(job_id)}/" + (f"files/{quote(name)}" if name else "download-archive")
    with client.streamed(path) as response:
        if response.status_code == _STILL_RUNNING:
            raise Refused("", f"It has not ended yet; `secretary watch {job_id}` follows it.")
        if "content-disposition" not in response.headers:
            raise client.stranger(response)
        with target.opened(name or _named(response, f"{job_id}.zip"), job_id) as file, _showing(response) as bar:
            for piece in response.iter_bytes():
                file.write(piece)
                if bar is not None:
                    bar.advance(bar.task_ids[0], len(piece))


def _named(response: "httpx.Response", otherwise: str) -> str:
    """The name that the answer gives the file; RFC 8187 is Python's own to read."""
    message = Message()
    message["Content-Disposition"] = response.headers.get("content-disposition", "")
    return message.get_filename() or otherwise


def _safe(name: str) -> Path:
    """A name of the service as a place beneath the folder, wherever it would lead."""
    parts = [one_line(part) for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part not in {"", ".", ".."}]
    return Path(*kept) if kept else Path("file")


@contextlib.contextmanager
def _showing(response: "httpx.Response") -> Iterator[Progress | None]:
    total = int(response.headers.get("content-length", 0))
    if total < _WORTH_A_BAR or not err.is_terminal:
        yield None
        return
    columns = (TextColumn("Fetching"), BarColumn(bar_width=30), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        progress.add_task("", total=total)
        yield progress
