"""The registry of job types: name to parameters, results and handler; other packages add theirs by an entry point."""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Final

from secretary.errors import FieldError, UnknownJobType
from secretary.parameters import Parameters, PdfParameters, SessionParameters, TransformerParameters
from secretary.parameters.near_match import near_match
from secretary.providers import Providers
from secretary.results import PdfResults, Results, SessionResults, TransformerResults

logger = logging.getLogger(__name__)

ENTRY_POINTS: Final = "secretary.job_types"


@dataclass(frozen=True, slots=True)
class JobType:
    """One job type. `handler` is a dotted path `package.module:function`, loaded in the sandboxed child only, so that the
    web process validates parameters without loading what does the work; `warm` names modules the child loads while idle.
    `careful` says that the handler knows a second, careful way for an input that ended its process. `engines` names the
    distributions whose versions decide on the results; they are kept for equal jobs only where it does. Without `network` only
    jobs reach it that need a provider, or the language model where one is set up."""

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
)


SESSION = JobType(
    name="session",
    description="A conference session's page, video and slides as one Markdown report.",
    parameters=SessionParameters,
    results=SessionResults,
    handler="secretary.handlers.session:run",
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


def load_job_types() -> JobTypes:
    """The built-in types and those of installed packages; one that fails to load is logged and left out.

    A plug-in can neither hide a built-in type nor stop the service from starting.
    """
    found = [PDF, SESSION, TRANSFORMER]
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            job_type = entry.load()
        except Exception:
            logger.exception("the job type %r of %s could not be loaded and is left out", entry.name, entry.value)
            continue
        if isinstance(job_type, JobType) and job_type.name not in {known.name for known in found}:
            found.append(job_type)
        else:
            logger.error("the entry point %r (%s) is not a new JobType and is left out", entry.name, entry.value)
    return JobTypes(found)
