"""The service that `secretary run` talks to: the one that has the data folder, or one of its own that it stops afterwards."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secretary.cli.speaking import err, remark
from secretary.settings import Settings
from secretary.up.child import own_command, spawn
from secretary.up.data_folder import prepare_folder, read_key
from secretary.up.failures import CannotStart
from secretary.up.lock import AlreadyRunning, DataFolderLock, RunningService, hold

_BETWEEN_LOOKS: Final = 0.2
_UNNAMED_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 12.0


@dataclass(frozen=True, slots=True)
class ServiceAtHand:
    """Where to send the job, and whether it was started for it."""

    url: str
    key: str
    own: bool


class AlreadySaid(Exception):
    """The service that was started has said on standard error why it cannot."""


@contextlib.contextmanager
def service_at_hand(settings: Settings) -> Iterator[ServiceAtHand]:
    """A service that answers; raises CannotStart or AlreadySaid. What was started here has ended when this ends."""
    prepare_folder(settings.data_dir)
    taken = _take_or_find(settings)
    if isinstance(taken, RunningService):
        yield ServiceAtHand(taken.url, _key(settings), own=False)
        return
    with taken as lock, _own_service(settings, lock) as service:
        yield service


def _take_or_find(settings: Settings) -> DataFolderLock | RunningService:
    """The free data folder's lock, or the lasting service that has it. Several `secretary run` take turns."""
    said = False
    unnamed_until = time.monotonic() + _UNNAMED_SECONDS
    while True:
        try:
            return hold(settings.data_dir)
        except AlreadyRunning as refusal:
            if refusal.service is not None and not refusal.service.passing:
                return refusal.service
            if refusal.service is None and time.monotonic() > unnamed_until:
                raise
        if not said:
            remark("Waiting for another `secretary run` with this data folder to end.")
            said = True
        time.sleep(_BETWEEN_LOOKS)


def _key(settings: Settings) -> str:
    secret = settings.api_key.get_secret_value() if settings.api_key else read_key(settings.key_file)
    if secret is None:
        raise CannotStart(
            f"There is no key in {settings.key_file}; make one with `secretary key create` and set it as SECRETARY_API_KEY."
        )
    return secret


@contextlib.contextmanager
def _own_service(settings: Settings, lock: DataFolderLock) -> Iterator[ServiceAtHand]:
    if err.is_terminal:
        remark("Starting the service for this document …")
    hearing, telling = os.pipe()
    command = own_command("up", "--workers", "1", "--passing-lock", str(lock.descriptor), "--tell", str(telling))
    process = spawn(command, environment={**os.environ, **settings.environment()}, keep=(lock.descriptor, telling))
    os.close(telling)
    try:
        with os.fdopen(hearing, "rb") as pipe:
            line = pipe.readline()
        if not line:
            raise AlreadySaid
        told = json.loads(line)
        yield ServiceAtHand(told["url"], told["key"] or _key(settings), own=True)
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop the service; being interrupted meanwhile kills it. Its children are bound to it and never outlive it."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
