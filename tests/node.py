"""Node programs that tests run beside the real server: each folder of them has a lock file, whose packages `scripts/test` installs."""

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.missing import missing


async def output_of(program: Path, *, seconds: float = 60, **environment: str) -> str:
    """What the program said, run in its folder. At home a test without node or its packages is skipped; in CI it fails."""
    folder = program.parent
    node = shutil.which("node")
    if node is None or not is_installed(folder):
        missing(f"node or the packages of {folder.name} are not there")
    process = await asyncio.create_subprocess_exec(
        node, program.name, cwd=folder, env={**os.environ, **environment}, stdout=PIPE, stderr=PIPE
    )
    try:
        said, complained = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complained.decode()
    return said.decode()


def is_installed(folder: Path) -> bool:
    stamp = folder / "node_modules" / "installed"
    return stamp.exists() and stamp.read_bytes() == (folder / "package-lock.json").read_bytes()
