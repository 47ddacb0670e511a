"""API keys over GraphQL: who may make which, what is shown of them, and what ends them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from secretary.store import Store
from tests.conftest import ADMIN_KEY, USER_KEY
from tests.graphql.conftest import Asking

CREATE = """mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    __typename
    ... on CreateApiKeyPayload { secret apiKey { id userId isAdmin hint createdAt expiresAt revokedAt } }
    ... on Error { code message }
    ... on InvalidInputError { fields { path message } }
} }"""
REVOKE = """mutation ($id: ID!) { revokeApiKey(id: $id) {
    __typename
    ... on RevokeApiKeyPayload { apiKey { id revokedAt } }
    ... on Error { code message }
} }"""


def with_key(client: httpx.AsyncClient, key: str) -> Asking:
    client.headers["Authorization"] = f"Bearer {key}"
    return Asking(client)


async def opens(client: httpx.AsyncClient, key: str) -> bool:
    headers = {"Authorization": f"Bearer {key}"}
    answer = await client.post("/graphql", json={"query": "{ viewer { userId } }"}, headers=headers)
    return answer.status_code == 200


@pytest.fixture
def user(client: httpx.AsyncClient) -> Asking:
    return with_key(client, USER_KEY)


async def made(ask: Asking, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await ask(CREATE, input=given))["createApiKey"]
    return found


async def test_a_user_makes_a_key_of_its_own_which_opens_until_it_is_revoked(
    user: Asking, client: httpx.AsyncClient, store: Store
):
    created = await made(user)
    secret, key = created["secret"], created["apiKey"]
    assert (key["userId"], key["isAdmin"], key["expiresAt"], key["revokedAt"]) == ("ursula", False, None, None)
    assert secret.startswith(key["hint"])
    assert await opens(client, secret)
    assert all(secret not in str(row) for row in await store.keys.list())
    revoked = (await user(REVOKE, id=key["id"]))["revokeApiKey"]
    assert revoked["__typename"] == "RevokeApiKeyPayload"
    assert revoked["apiKey"]["revokedAt"] is not None
    assert not await opens(client, secret)
    again = (await user(REVOKE, id=key["id"]))["revokeApiKey"]
    assert (again["__typename"], again["code"]) == ("NotFoundError", "NOT_FOUND")


@pytest.mark.parametrize("given", [{"userId": "otto"}, {"isAdmin": True}])
async def test_a_user_makes_neither_another_ones_key_nor_an_admin_key(
    user: Asking, store: Store, given: dict[str, Any]
):
    before = await store.keys.count()
    refused = await made(user, **given)
    assert (refused["__typename"], refused["code"]) == ("ForbiddenError", "FORBIDDEN")
    assert await store.keys.count() == before


async def test_an_admin_makes_keys_for_anybody(client: httpx.AsyncClient):
    created = await made(with_key(client, ADMIN_KEY), userId="otto", isAdmin=True)
    assert (created["apiKey"]["userId"], created["apiKey"]["isAdmin"]) == ("otto", True)


async def test_another_users_key_cannot_be_revoked_but_by_an_admin(client: httpx.AsyncClient):
    other = await made(with_key(client, ADMIN_KEY), userId="otto")
    refused = (await with_key(client, USER_KEY)(REVOKE, id=other["apiKey"]["id"]))["revokeApiKey"]
    assert refused["__typename"] == "NotFoundError"
    assert await opens(client, other["secret"])
    await with_key(client, ADMIN_KEY)(REVOKE, id=other["apiKey"]["id"])
    assert not await opens(client, other["secret"])


async def test_a_key_ends_by_itself_when_it_was_made_to(user: Asking, client: httpx.AsyncClient, store: Store):
    later = datetime.now(UTC) + timedelta(hours=1)
    created = await made(user, expiresAt=later.isoformat())
    assert datetime.fromisoformat(created["apiKey"]["expiresAt"]) == later
    assert await opens(client, created["secret"])


@pytest.mark.parametrize(
    "end",
    [
        "tomorrow",
        "2030-01-01T00:00:00",
        5,
        "2030-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
async def test_an_end_that_is_no_instant_is_refused(user: Asking, store: Store, end: object):
    before = await store.keys.count()
    answer = await user.whole(CREATE, input={"expiresAt": end})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "with its zone" in answer["errors"][0]["message"]
    assert await store.keys.count() == before


async def test_an_end_in_the_past_is_refused(user: Asking, store: Store):
    before = await store.keys.count()
    refused = await made(user, expiresAt="2020-01-01T00:00:00Z")
    assert (refused["__typename"], refused["code"]) == ("InvalidInputError", "INVALID_PARAMETERS")
    assert refused["fields"] == [{"path": ["expiresAt"], "message": "must be in the future"}]
    assert await store.keys.count() == before
