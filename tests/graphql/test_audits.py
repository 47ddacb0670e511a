"""The audits of GraphQL over HTTP that its specification's authors publish, against the real server."""

import json
from pathlib import Path

from tests.conftest import USER_KEY
from tests.node import output_of

PROGRAM = Path(__file__).parent / "audits" / "run.mjs"
AUDITS = 61


async def test_every_audit_passes(base_url: str) -> None:
    said = await output_of(PROGRAM, ADDRESS=f"{base_url}/graphql", KEY=USER_KEY)
    audits = [json.loads(line) for line in said.splitlines()]
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len({audit["id"] for audit in audits}) == len(audits) == AUDITS
