"""schemathesis over both doors: whatever fits the descriptions may be refused, but no server error is ever the answer. Briefly and
the same each time; the README has the command for longer and for other input each time."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from tests.conftest import ADMIN_KEY
from tests.graphql.conftest import Asking

ROOT = Path(__file__).parents[2]
SECONDS = 120


async def scan(address: str, folder: Path, *options: str) -> str:
    """What the scan said, which must have found nothing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", address),
        *("--header", f"Authorization: Bearer {ADMIN_KEY}", "--checks", "not_a_server_error"),
        *("--generation-deterministic", "--no-color", *options),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.graphql.scan_scalars"},
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_no_operation_of_the_graphql_schema_ends_in_a_server_error(
    base_url: str, ask: Asking, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").touch()
    said = await scan(f"{base_url}/graphql", tmp_path, "--max-examples", "6", "--phases", "fuzzing")
    assert "❌" not in said


async def test_no_rest_route_ends_in_a_server_error(base_url: str, ask: Asking, claim, tmp_path: Path) -> None:
    batch_id = await ask.create_batch(1)
    job_id = await ask.create()
    for _ in range(2):
        await (await claim()).complete()
    parameters = f'[parameters]\n"path.job_id" = "{job_id}"\n"path.batch_id" = "{batch_id}"\n'
    (tmp_path / "schemathesis.toml").write_text(parameters)
    options = ("--max-examples", "3", "--phases", "examples,coverage,fuzzing")
    # Without a worker this one says rightly that the service is not ready.
    said = await scan(f"{base_url}/api/openapi.json", tmp_path, *options, "--exclude-path", "/api/health/ready")
    assert "❌" not in said
