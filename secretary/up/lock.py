"""One service per data folder: a locked file that also says where the running service answers."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from secretary.up.failures import CannotStart

_FILE: Final = "service.lock"
_LOOKS: Final = 5
_BETWEEN_LOOKS: Final = 0.05


@dataclass(frozen=True, slots=True)
class RunningService:
    """Who holds a data folder. `passing` means that it only lives for one `secretary run`."""

    pid: int
    url: str
    passing: bool


class AlreadyRunning(CannotStart):
    """Another service has this data folder."""

    def __init__(self, message: str, service: RunningService | None) -> None:
        super().__init__(message)
        self.service = service


class DataFolderLock:
    """The lock of a data folder, held until it is closed or the process that has it ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def tell(self, service: RunningService) -> None:
        """Leave word of who holds the lock."""
        os.truncate(self.descriptor, 0)
        os.pwrite(self.descriptor, json.dumps(asdict(service)).encode(), 0)

    def close(self) -> None:
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def hold(data_dir: Path) -> DataFolderLock:
    """Take the folder's lock; raises AlreadyRunning when another process has it."""
    path = data_dir / _FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(
            f"{path} cannot be written ({error.strerror}); choose another folder with --data-dir."
        ) from None
    # `running` takes the lock for a moment to see whether it is free, so one refusal is no proof.
    for _ in range(_LOOKS):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return DataFolderLock(descriptor)
        time.sleep(_BETWEEN_LOOKS)
    service = _read(descriptor)
    os.close(descriptor)
    raise AlreadyRunning(_sentence(data_dir, service), service)


def running(data_dir: Path) -> RunningService | None:
    """The service that holds this folder, if one does and has said where it answers."""
    with _opened(data_dir / _FILE) as descriptor:
        if descriptor is None:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(descriptor)
        return None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> RunningService | None:
    try:
        return RunningService(**json.loads(os.pread(descriptor, 4096, 0)))
    except (ValueError, TypeError):
        # Its holder has not come so far as to say where it answers.
        return None


def _sentence(data_dir: Path, service: RunningService | None) -> str:
    where = f" at {service.url} (process {service.pid})" if service else ""
    return (
        f"A service is already running{where} with the data folder {data_dir}; "
        "use that one, stop it first, or choose another folder with --data-dir."
    )
