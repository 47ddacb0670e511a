"""The registry of job types: name to parameters, results and handler; other packages add theirs by an entry point."""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from secretary.errors import FieldError, UnknownJobType
from secretary.parameters import Parameters, PdfParameters, SessionParameters, TransformerParameters
from secretary.parameters.near_match import near_match
from secretary.providers import Providers
from secretary.results import PdfResults, Results, SessionResults, TransformerResults

logger = logging.getLogger(__name__)

ENTRY_POINTS: Final = "secretary.job_types"
LAST_PERCENT: Final = 99

_NAME: Final = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)
_HANDLER: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that jobs of a type report, and the percent at which it begins."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class JobType:
    """One job type. `handler` is a dotted path `package.module:function`, loaded in the sandboxed child only, so that the
    web process validates parameters without loading what does the work; `warm` names modules the child loads while idle.
    `careful` says that the handler knows a second, careful way for an input that ended its process. `engines` names the
    distributions whose versions decide on the results; they are kept for equal jobs only where it does. Without `network` only
    jobs reach it that need a provider, or the language model where one is set up. `steps` are those its handler reports, in their
    order, so that a page can draw them ahead; some jobs leave some out."""

    name: str
    description: str
    parameters: type[Parameters]
    results: type[Results]
    handler: str
    warm: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    careful: bool = False
    engines: tuple[str, ...] = ()
    network: bool = True
    steps: tuple[Step, ...] = ()

    def needs_network(self, parameters: dict[str, Any], providers: Providers) -> bool:
        """Whether the child of a job with these parameters must reach the network."""
        if self.network:
            return True
        try:
            given = self.parameters.model_validate_json(json.dumps(parameters))
        except ValueError:
            # The handler meets the same and says it in its own words.
            return False
        return given.needs_provider is not None or (given.template_wish is not None and providers.llm is not None)


PDF = JobType(
    name="pdf",
    description="Text, tables, page images and metadata of a PDF.",
    parameters=PdfParameters,
    results=PdfResults,
    handler="secretary.handlers.pdf:run",
    warm=("pdfplumber",),
    careful=True,
    network=False,
    engines=("pypdfium2", "pdfplumber", "pillow", "tesserocr", "rapidocr", "onnxruntime"),
    steps=(
        Step("initializing", 0),
        Step("reading_file", 10),
        Step("extracting_text", 30),
        Step("processing_images", 60),
        Step("applying_template", 80),
        Step("finalizing", 90),
    ),
)


TRANSFORMER = JobType(
    name="transformer",
    description="A template filled from a text, a web page or a PDF.",
    parameters=TransformerParameters,
    results=TransformerResults,
    handler="secretary.handlers.transformer:run",
    aliases=("transformer_template",),
    network=False,
    engines=("trafilatura", "pypdfium2", "pdfplumber"),
    steps=(
        Step("initializing", 0),
        Step("reading_file", 10),
        Step("loading_template", 20),
        Step("transforming_text", 50),
        Step("finalizing", 90),
    ),
)


SESSION = JobType(
    name="session",
    description="A conference session's page, video and slides as one Markdown report.",
    parameters=SessionParameters,
    results=SessionResults,
    handler="secretary.handlers.session:run",
    steps=(
        Step("initializing", 0),
        Step("fetching_page", 10),
        Step("downloading_media", 30),
        Step("processing_video", 50),
        Step("processing_attachments", 70),
        Step("generating_markdown", 90),
    ),
)


class JobTypes:
    """The job types one process knows."""

    def __init__(self, job_types: Iterable[JobType]) -> None:
        in_order = sorted(job_types, key=lambda job_type: job_type.name)
        self._by_name = {job_type.name: job_type for job_type in in_order}
        self._aliases = {alias: job_type for job_type in self for alias in job_type.aliases}

    def __iter__(self) -> Iterator[JobType]:
        return iter(self._by_name.values())

    def known(self, name: str) -> JobType | None:
        """The job type of exactly this name, if it is installed."""
        return self._by_name.get(name)

    def find(self, name: str) -> JobType | None:
        """The job type of this name or historical name, if it is installed."""
        return self._by_name.get(name) or self._aliases.get(name)

    def get(self, name: str, *, under: tuple[str, ...] = ()) -> JobType:
        """The job type of this name or historical name; raises UnknownJobType that names what there is."""
        found = self.find(name)
        if found is None:
            known = ", ".join(self._by_name)
            message = f'there is no job type "{name}"; known: {known}.{near_match(name, self._by_name)}'
            raise UnknownJobType(message, fields=(FieldError((*under, "job_type"), message),))
        return found


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A job type of another package that cannot be taken, and why."""

    plug_in: str
    reason: str
    error: BaseException | None = None


def load_job_types() -> JobTypes:
    """The built-in types and those of installed packages; one that cannot be taken is logged and left out.

    A plug-in can neither hide a built-in type nor stop the service from starting.
    """
    job_types, left_out = installed_job_types()
    for one in left_out:
        logger.error("the job type %s is left out: %s", one.plug_in, one.reason, exc_info=one.error)
    return job_types


def installed_job_types() -> tuple[JobTypes, tuple[LeftOut, ...]]:
    """The built-in types and those of installed packages, and what was left out of these."""
    found, left_out = [PDF, SESSION, TRANSFORMER], []
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            found.append(_fitting(entry.load(), JobTypes(found)))
        # A module that calls sys.exit() is as broken as one that raises.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            unfit = isinstance(error, _Unfit)
            reason = str(error) if unfit else f"{type(error).__name__}: {error}"
            left_out.append(LeftOut(_named(entry), reason, None if unfit else error))
    return JobTypes(found), tuple(left_out)


class _Unfit(Exception):
    """What the entry point names cannot be a job type beside those that are known."""


def _fitting(loaded: Any, known: JobTypes) -> JobType:
    """What was loaded, if callers can be told of it and jobs of it can run."""
    if not isinstance(loaded, JobType):
        raise _Unfit(f"it is of type {type(loaded).__name__}, and no JobType")
    names: tuple[Any, ...] = (loaded.name, *loaded.aliases)
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _Unfit(f"{name!r} is no name for a job type; it may have 64 letters, digits, `_`, `-` and `.`")
        if known.find(name):
            raise _Unfit(f'there is a job type "{name}" already')
    for role, kind in (("parameters", Parameters), ("results", Results)):
        given = getattr(loaded, role)
        if not (isinstance(given, type) and issubclass(given, kind)):
            raise _Unfit(f"its {role} are no subclass of {kind.__module__}.{kind.__name__}")
    handler: Any = loaded.handler
    if not isinstance(handler, str) or not _HANDLER.fullmatch(handler):
        raise _Unfit(f'its handler {handler!r} is no path such as "package.module:function"')
    _check_steps(loaded.steps)
    loaded.parameters.model_json_schema()
    return loaded


def _check_steps(steps: Any) -> None:
    percents = [step.percent if isinstance(step, Step) else -1 for step in steps]
    if percents != sorted(percents) or not all(0 <= percent <= LAST_PERCENT for percent in percents):
        raise _Unfit(f"its steps are no Steps in the order of their percents, 0 to {LAST_PERCENT}")


def _named(entry: EntryPoint) -> str:
    package = f" of {entry.dist.name} {entry.dist.version}" if entry.dist else ""
    return f"{entry.name!r} ({entry.value}){package}"
