"""`secretary prune`: take out now what has expired, or say what would go."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secretary.cli.options import DataDir
from secretary.cli.speaking import remark
from secretary.errors import Unavailable
from secretary.settings import Settings, load_settings
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.retention import Pruned, Pruner

EXAMPLE: Final = "Example: [bold]secretary prune --dry-run[/bold]"


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Take out now what has expired, as workers do every half a minute (SECRETARY_RETENTION_DAYS, _UPLOAD_DAYS, _DELIVERY_DAYS)."""
    from secretary.up.data_folder import prepare_folder
    from secretary.up.preparing import prepare_database

    settings = load_settings(data_dir=data_dir)
    prepare_folder(settings.data_dir)
    prepare_database(settings)
    try:
        pruned = asyncio.run(_pruned(settings, dry_run=dry_run))
    except Unavailable as error:
        raise CannotStart(error.message) from None
    remark(f"{'Would remove' if dry_run else 'Removed'} {_summary(pruned)}.")


async def _pruned(settings: Settings, *, dry_run: bool) -> "Pruned":
    from secretary.resources import pruner_of
    from secretary.store import Database, Store

    store = Store(Database(settings.sqlalchemy_url, pool_size=1))
    try:
        pruner = pruner_of(settings, store)
        return _told(await pruner.would_go()) if dry_run else await _to_the_end(pruner)
    finally:
        await store.close()


async def _to_the_end(pruner: "Pruner") -> "Pruned":
    pruned = _told(await pruner.step())
    while (step := await pruner.step()).ids:
        pruned += _told(step)
    return pruned


def _told(pruned: "Pruned") -> "Pruned":
    for one in pruned.ids:
        print(one)
    return pruned


def _summary(pruned: "Pruned") -> str:
    jobs, batches = _counted(pruned.jobs, "job", "jobs"), _counted(pruned.batches, "batch", "batches")
    uploads = f"{_counted(pruned.uploads, 'upload', 'uploads')} of {pruned.upload_bytes:,} bytes"
    return f"{jobs}, {batches}, {uploads} and {_counted(pruned.deliveries, 'webhook delivery', 'webhook deliveries')}"


def _counted(ids: Sequence[str], one: str, several: str) -> str:
    return f"{len(ids):,} {one if len(ids) == 1 else several}"
