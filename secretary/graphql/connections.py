"""What a socket holds: whose it is, and the operations that run on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secretary.auth import Viewer, key_in_headers
from secretary.graphql.subscribers import Subscriber


@dataclass(slots=True)
class Connection:
    """One socket: the headers it came with, its key, and whose it then is."""

    headers: Mapping[str, str]
    key: str | None = None
    viewer: Viewer | None = None

    def greet(self, said: Mapping[str, Any]) -> None:
        """Take the key from the payload of `connection_init`, or else from the headers."""
        authorization = said.get("authorization") or said.get("Authorization")
        if isinstance(authorization, str):
            self.key = key_in_headers({"authorization": authorization})
        else:
            key = said.get("apiKey")
            self.key = key if isinstance(key, str) else key_in_headers(self.headers)


@dataclass(slots=True, eq=False)
class Running:
    """One operation of a socket: a task of its own, or a place in a shared execution."""

    id: str
    task: asyncio.Task[None] | None = None
    subscriber: Subscriber | None = None
    is_mutation: bool = False

    def stop(self) -> None:
        """A mutation is left to end by itself, so that none stops half way."""
        if self.subscriber is not None:
            self.subscriber.leave()
        elif self.task is not None and not self.is_mutation:
            self.task.cancel()
