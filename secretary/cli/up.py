"""`secretary up`: the whole service on its embedded default, until Ctrl-C."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from secretary.cli.misspelling import misspelt
from secretary.cli.options import DataDir, Host, Port
from secretary.cli.process_log import start_logging
from secretary.cli.speaking import out, remark
from secretary.settings import Settings, load_settings

if TYPE_CHECKING:
    from secretary.up.preparing import FirstKey
    from secretary.up.service import Ready

EXAMPLE: Final = "Example: [bold]secretary up --port 8080 --workers 2[/bold]"


def up(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Worker processes.", show_default="1")] = None,
    passing_lock: Annotated[int | None, typer.Option(hidden=True)] = None,
    tell: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Start the whole service here: SQLite, a private Valkey, the web process and workers. Ctrl-C stops it.

    SECRETARY_DATABASE_URL and SECRETARY_REDIS_URL put a PostgreSQL and a Redis in their place.
    """
    from secretary.up.lock import DataFolderLock
    from secretary.up.service import serve

    settings = load_settings(host=host, port=port, data_dir=data_dir, workers=workers)
    start_logging(settings.log_level, "up")
    for sentence in misspelt():
        remark(sentence)
    lock = DataFolderLock(passing_lock) if passing_lock is not None else None
    serve(settings, on_ready=_announce(settings) if tell is None else _tell(tell), lock=lock)
    if tell is None:
        out.print("Stopped.")


def _announce(settings: Settings) -> "Callable[[Ready], None]":
    return lambda ready: out.print(announcement(settings, ready))


def _tell(descriptor: int) -> "Callable[[Ready], None]":
    """Say it to the process that started this one and holds the other end of the pipe."""

    def tell(ready: "Ready") -> None:
        os.write(descriptor, json.dumps({"url": ready.url, "key": ready.key.secret}).encode() + b"\n")
        os.close(descriptor)

    return tell


def announcement(settings: Settings, ready: "Ready") -> Text:
    """What a person wants to know once the service answers."""
    address = ready.url
    rows = [
        *([("Dashboard", address)] if settings.dashboard else []),
        ("GraphiQL", f"{address}/graphql"),
        ("REST", f"{address}/api/jobs  (described at {address}/api/openapi.json)"),
        *_key_rows(settings, ready.key),
        ("Data", f"{settings.data_dir}"),
        ("Input", ", ".join(os.fspath(root) for root in settings.input_roots)),
    ]
    text = Text.assemble(
        ("secretary is ready", "bold green"), f" after {ready.seconds:.1f} s at ", (address, "bold"), "\n\n"
    )
    for name, value in rows:
        text.append_text(Text.assemble((f"  {name:<10}", "dim"), value, "\n"))
    text.append_text(
        Text.assemble("\n  ", ("Try", "dim"), "\n\n", *(f"    {line}\n" for line in _curl(settings, ready)), "\n")
    )
    return text.append("Ctrl-C stops everything.")


def _key_rows(settings: Settings, key: "FirstKey") -> list[tuple[str, str]]:
    if key.preset:
        return [("Key", "the one in SECRETARY_API_KEY")]
    if key.secret is None:
        return [("Key", "none kept here; `secretary key create --user NAME` makes one")]
    return [("Key", key.secret), ("Key file", os.fspath(settings.key_file))]


def _curl(settings: Settings, ready: "Ready") -> list[str]:
    secret = "$SECRETARY_API_KEY" if ready.key.preset else ready.key.secret or "KEY"
    body = json.dumps(
        {"job_type": "pdf", "parameters": {"filename": _some_pdf(settings.input_roots)}}, ensure_ascii=False
    )
    return [
        f"curl {shlex.quote(f'{ready.url}/api/jobs/')} \\",
        f'  -H "Authorization: Bearer {secret}" -H "Content-Type: application/json" \\',
        f"  -d {shlex.quote(body)}",
    ]


def _some_pdf(roots: tuple[Path, ...]) -> str:
    """A file that is there to try with, when there is one."""
    for root in roots:
        if found := next((path for path in sorted(root.glob("*.pdf")) if path.is_file()), None):
            return found.name
    return "FILE.pdf"
