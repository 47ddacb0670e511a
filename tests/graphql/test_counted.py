"""Operations over HTTP are counted by name, and no caller can make figures without end."""

from pathlib import Path

import httpx

from tests.graphql.conftest import Asking

OVERVIEW = (Path(__file__).parents[2] / "frontend-examples" / "operations" / "overview.graphql").read_text()


async def test_operations_over_http_are_counted_by_the_names_of_known_documents(
    client: httpx.AsyncClient, ask: Asking
) -> None:
    for _ in range(2):
        assert "errors" not in await ask.whole(OVERVIEW)
    for number in range(20):
        await ask(f"query Made{number} {{ viewer {{ userId }} }}")
    lines = (await client.get("/metrics")).text.splitlines()
    counted = [line for line in lines if "operation" in line and not line.startswith("#")]
    assert [line.split()[-1] for line in counted if "Overview" in line] == ["2.0"], counted
    assert [line.split()[-1] for line in counted if "other" in line] == ["20.0"], counted
    assert not any("Made" in line for line in lines)
