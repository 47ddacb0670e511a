"""The child's own program: `python -m secretary.sandbox.child LIMITS PARENT` takes tasks as lines and answers with messages."""

import errno
import gc
import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from secretary.confinement import allow_cpu, allow_seconds
from secretary.errors import Crashed, FileTooLarge, Internal, JobFailure, OutOfMemory, SecretaryError
from secretary.fetching import OutboundPolicy
from secretary.files import KeptTexts
from secretary.files.archive import write_archive
from secretary.files.produced import list_files
from secretary.handlers import LogLevel, SourceInfo
from secretary.job_types import JobType, JobTypes, load_job_types
from secretary.parameters import Parameters
from secretary.providers import Providers
from secretary.results import Results
from secretary.sandbox.limits import ChildLimits, confine
from secretary.sandbox.messages import Done, Failed, Logged, Message, Ready, Reported, Task, decode_task
from secretary.sandbox.outbox import Outbox

_OBJECTS_BEFORE_A_SEARCH = 50_000
"""More than a page makes, so that garbage is searched for between tasks and not a thousand times within a long one."""


@dataclass
class TaskContext:
    """The handler's world; see `handlers.Context`."""

    source: Path | None
    directory: Path
    limits: ChildLimits
    providers: Providers
    send: Callable[[Message], None]
    careful: bool = False
    source_info: SourceInfo | None = None
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)
    kept_texts: KeptTexts | None = None
    warnings: list[str] = field(default_factory=list)
    _last: Reported = field(default_factory=lambda: Reported("initializing", 0, "Starting"))

    def report(self, step: str, percent: int, message: str) -> None:
        self._last = Reported(step, max(self._last.percent, min(int(percent), 99)), message)
        self.send(self._last)

    def sign_of_life(self) -> None:
        self.send(self._last)

    def allow_seconds(self, seconds: float) -> None:
        allow_seconds(seconds)

    def log(self, level: LogLevel, message: str) -> None:
        self.send(Logged(level, message))

    def warn(self, message: str) -> None:
        self.warnings.append(message)
        self.log("warning", message)


def main() -> None:
    """Take tasks until the parent closes the pipe."""
    limits = ChildLimits(**json.loads(sys.argv[1]))
    confine(limits, parent=int(sys.argv[2]))
    send = Outbox(_private_stdout()).send
    job_types = load_job_types()
    _warm_up(job_type for job_type in job_types if limits.network or not job_type.network)
    # The libraries stay for good: to look through their 50,000 objects after each task would cost it 20 ms.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_SEARCH)

    send(Ready())
    for line in sys.stdin.buffer:
        allow_cpu(limits.job_seconds)
        answer = run_task(job_types, decode_task(line), limits, send)
        send(answer)
        if isinstance(answer, Failed) and not answer.reusable:
            return
        gc.collect()


def run_task(job_types: JobTypes, task: Task, limits: ChildLimits, send: Callable[[Message], None]) -> Done | Failed:
    """Run the handler of the task's job type, and turn whatever happens into an answer."""
    source = Path(task.source) if task.source else None
    source_info = SourceInfo(**task.source_info) if task.source_info else None
    providers = Providers.model_validate(task.providers)
    context = TaskContext(source, Path(task.directory), limits, providers, send, task.careful, source_info)
    context.outbound = OutboundPolicy.from_dict(task.outbound)
    context.kept_texts = KeptTexts.from_dict(task.kept_texts) if task.kept_texts else None
    try:
        job_type = job_types.get(task.job_type)
        parameters = job_type.parameters.model_validate_json(json.dumps(task.parameters))
        results = _run_handler(job_type, parameters, context)
        if parameters.wants_archive:
            write_archive(context.directory, Path(task.archive))
        files = [asdict(file) for file in list_files(context.directory)]
    except SecretaryError as error:
        return _failed(error, context.directory)
    except MemoryError:
        return _unusable(OutOfMemory(), traceback.format_exc(limit=20))
    except RecursionError:
        return _unusable(Crashed("The document is nested too deeply to be read."), traceback.format_exc(limit=-5))
    except OSError as error:
        return _unusable(_storage_failure(error), traceback.format_exc())
    except Exception:  # noqa: BLE001  # the child's last line of defence: told to the parent, who logs it
        return _unusable(Internal(), traceback.format_exc())
    finally:
        allow_seconds(0)
    whole = results.whole and not task.careful
    return Done(results.model_dump(mode="json"), files, context.warnings, _resident_bytes(), whole)


def _run_handler(job_type: JobType, parameters: Parameters, context: TaskContext) -> Results:
    handler: Callable[[Any, TaskContext], Results] = load_handler(job_type.handler)
    return handler(parameters, context)


def load_handler(path: str) -> Callable[..., Any]:
    """The function a dotted path `package.module:function` means."""
    module, _, name = path.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _failed(error: SecretaryError, directory: Path) -> Failed:
    transient = keeps_files = False
    if isinstance(error, JobFailure):
        transient, keeps_files = error.transient, error.keeps_files
    files = [asdict(file) for file in list_files(directory)] if keeps_files else []
    return Failed(error.code, error.message, error.details, transient, reusable=True, traceback=None, files=files)


def _unusable(failure: JobFailure, trace: str) -> Failed:
    return Failed(failure.code, failure.message, None, failure.transient, reusable=False, traceback=trace)


def _storage_failure(error: OSError) -> JobFailure:
    if error.errno == errno.EFBIG:
        return FileTooLarge("The job wrote a file larger than this server keeps.")
    if error.errno == errno.ENOMEM:
        return OutOfMemory()
    return Internal()


def _private_stdout() -> IO[bytes]:
    # A library that prints must not spoil the messages: the real standard output moves away, and fd 1 becomes standard error.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _warm_up(job_types: Iterable[JobType]) -> None:
    for job_type in job_types:
        for module in (job_type.handler.partition(":")[0], *job_type.warm):
            try:
                importlib.import_module(module)
            except Exception:  # noqa: BLE001  # a job of this type will fail with the same error and be logged; others must run
                sys.stderr.write(f"{module} of job type {job_type.name} cannot be loaded\n")


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
