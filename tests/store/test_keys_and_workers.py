"""Keys are found by their hash until they are revoked; workers are living while they renew."""

import asyncio
from datetime import UTC, datetime, timedelta

from secretary.auth import Authenticator, new_key
from secretary.errors import Unauthorized
from secretary.store import Store


async def authenticate(store: Store, secret: str | None) -> str | None:
    try:
        return (await Authenticator(store.keys).authenticate(secret)).user_id
    except Unauthorized:
        return None


async def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    key = new_key()
    assert await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    assert await authenticate(store, key.secret) == "ursula"
    assert await authenticate(store, key.secret + "x") is None
    assert await authenticate(store, None) is None
    assert await store.keys.revoke(key.id)
    assert await authenticate(store, key.secret) is None
    assert not await store.keys.revoke(key.id)


async def test_only_the_hash_of_a_key_is_kept(store: Store) -> None:
    key = new_key()
    await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    [row] = await store.keys.list()
    assert key.secret not in str(row)
    assert row.hint == key.secret[:8]


async def test_the_same_key_is_not_added_twice(store: Store) -> None:
    key, again = new_key("a-secret-of-the-operator"), new_key("a-secret-of-the-operator")
    assert await store.keys.add(key.id, user_id="admin", is_admin=True, key_hash=key.key_hash, hint=key.hint)
    assert not await store.keys.add(again.id, user_id="admin", is_admin=True, key_hash=again.key_hash, hint=again.hint)
    assert await store.keys.count() == 1


async def test_a_worker_lives_while_it_renews(store: Store) -> None:
    await store.workers.renew("worker-1", host="here", pid=1)
    assert [row.id for row in await store.workers.living(5.0)] == ["worker-1"]
    await asyncio.sleep(0.15)
    assert await store.workers.living(0.1) == []
    await store.workers.renew("worker-1", host="here", pid=1)
    assert len(await store.workers.living(0.1)) == 1
    await store.workers.leave("worker-1")
    assert await store.workers.living(5.0) == []


async def test_a_key_opens_until_it_expires(store: Store) -> None:
    expired, lasting = new_key(), new_key()
    for key, hours in ((expired, -1), (lasting, 1)):
        end = datetime.now(UTC) + timedelta(hours=hours)
        assert await store.keys.add(
            key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint, expires_at=end
        )
    assert await authenticate(store, lasting.secret) == "ursula"
    assert await authenticate(store, expired.secret) is None
    assert await store.keys.in_force((expired.key_hash, lasting.key_hash)) == {lasting.key_hash}
    assert await store.keys.revoke(expired.id) is None
