"""`secretary key`: make, list and revoke API keys, straight in the database."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from rich.table import Table

from secretary.cli.options import DataDir
from secretary.cli.speaking import out, remark
from secretary.settings import Settings, load_settings
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.models import ApiKeyRow
    from secretary.store import Keys

T = TypeVar("T")

_LONGEST_USER: Final = 200
_TABLE_WIDTH: Final = 300
_COLUMNS: Final = ("id", "user", "admin", "begins with", "created", "expires", "revoked")
_MOST_DAYS: Final = 36_500

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Make, list and revoke API keys.",
    epilog="Example: [bold]secretary key create --user ursula[/bold]",
)


@app.command(epilog="Example: [bold]secretary key create --user ursula[/bold]")
def create(
    user: Annotated[str, typer.Option(help="Whom the key belongs to; a user sees only the jobs of its own keys.")],
    admin: Annotated[
        bool, typer.Option("--admin", help="The key sees every user's jobs and creates jobs for any user.")
    ] = False,
    days: Annotated[
        int | None,
        typer.Option(
            min=1, max=_MOST_DAYS, help="Days until the key opens nothing any more; never by itself if not given."
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print it, this once."""
    from secretary.auth import new_key

    owner = user.strip()
    if not owner or len(owner) > _LONGEST_USER or not owner.isprintable():
        raise CannotStart(f"--user must have 1 to {_LONGEST_USER} printable characters.")
    key = new_key()
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    _ask(
        _prepared(data_dir),
        lambda keys: keys.add(
            key.id, user_id=owner, is_admin=admin, key_hash=key.key_hash, hint=key.hint, expires_at=expires_at
        ),
    )
    print(key.secret)
    until = f" It opens nothing after {expires_at:%Y-%m-%d %H:%M} UTC." if expires_at else ""
    remark(
        f"This is the {'admin ' if admin else ''}key of {owner}; it is not shown again. "
        f"`secretary key revoke {key.id}` ends it.{until}"
    )


@app.command("list", epilog="Example: [bold]secretary key list[/bold]")
def list_(data_dir: DataDir = None) -> None:
    """List all keys, the revoked ones too."""
    rows = _ask(_prepared(data_dir), lambda keys: keys.list())
    if not sys.stdout.isatty():
        for cells in (_COLUMNS, *map(_cells, rows)):
            print("\t".join(cells))
        return
    table = Table(*_COLUMNS, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(
            *_cells(row),
            style="dim" if row.revoked_at or (row.expires_at and row.expires_at <= datetime.now(UTC)) else "",
        )
    # Wider than a narrow terminal rather than with ids cut off: they are there to be copied.
    out.print(table, width=_TABLE_WIDTH, crop=False)


@app.command(epilog="Example: [bold]secretary key revoke key-0199…[/bold]")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `secretary key list` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """End a key: from now on it opens nothing."""
    if _ask(_prepared(data_dir), lambda keys: keys.revoke(key_id)) is None:
        raise CannotStart(f"There is no key {key_id} in force; `secretary key list` shows all.")
    remark(f"The key {key_id} opens nothing any more.")


def _cells(row: "ApiKeyRow") -> Sequence[str]:
    moments = (
        f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in (row.created_at, row.expires_at, row.revoked_at)
    )
    return row.id, row.user_id, "yes" if row.is_admin else "no", f"{row.hint}…", *moments


def _prepared(data_dir: DataDir) -> Settings:
    from secretary.up.data_folder import prepare_folder
    from secretary.up.preparing import prepare_database

    settings = load_settings(data_dir=data_dir)
    prepare_folder(settings.data_dir)
    prepare_database(settings)
    return settings


def _ask(settings: Settings, question: "Callable[[Keys], Awaitable[T]]") -> T:
    from secretary.store import Database, Keys

    async def ask() -> T:
        database = Database(settings.sqlalchemy_url, pool_size=1)
        try:
            return await question(Keys(database))
        finally:
            await database.close()

    return asyncio.run(ask())
