"""`secretary prune`: take out now what has expired, or say what would go."""

import asyncio
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
    """Take out what has expired (SECRETARY_RETENTION_DAYS, SECRETARY_UPLOAD_DAYS) now, as workers do every half a minute."""
    from secretary.up.data_folder import prepare_folder
    from secretary.up.preparing import prepare_database

    settings = load_settings(data_dir=data_dir)
    prepare_folder(settings.data_dir)
    prepare_database(settings)
    try:
        jobs, batches, uploads, size = asyncio.run(_pruned(settings, dry_run=dry_run))
    except Unavailable as error:
        raise CannotStart(error.message) from None
    what = f"{_counted(jobs, 'job')}, {_counted(batches, 'batch')} and {_counted(uploads, 'upload')} of {size:,} bytes"
    remark(f"Would remove {what}." if dry_run else f"Removed {what}.")


async def _pruned(settings: Settings, *, dry_run: bool) -> tuple[int, int, int, int]:
    from secretary.resources import pruner_of
    from secretary.store import Database, Store

    store = Store(Database(settings.sqlalchemy_url, pool_size=1))
    try:
        pruner = pruner_of(settings, store)
        if dry_run:
            return _told(await pruner.would_go())
        return await _to_the_end(pruner)
    finally:
        await store.close()


async def _to_the_end(pruner: "Pruner") -> tuple[int, int, int, int]:
    jobs = batches = uploads = size = 0
    while (step := await pruner.step()).ids:
        one = _told(step)
        jobs, batches, uploads, size = jobs + one[0], batches + one[1], uploads + one[2], size + one[3]
    return jobs, batches, uploads, size


def _told(pruned: "Pruned") -> tuple[int, int, int, int]:
    for one in pruned.ids:
        print(one)
    return len(pruned.jobs), len(pruned.batches), len(pruned.uploads), pruned.upload_bytes


def _counted(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("ch") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
