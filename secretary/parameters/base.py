"""The base of every job type's parameters: strict, closed, and taking the historical spellings."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from secretary.parameters.templating import TemplateWish
from secretary.parameters.webhook import Webhook
from secretary.providers import ProviderName

_WEBHOOK_SECRETS: Final = frozenset({"webhook.token", "webhook.secret"})


class Parameters(BaseModel):
    """Parameters of one job type.

    Strict (the number 1 is not the word "1") and closed (an unknown name is an error), because a misspelt option that is
    silently ignored costs its user an hour.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    spellings: ClassVar[dict[str, str]] = {}
    """Historical names of parameters and what they are called today."""
    secrets: ClassVar[frozenset[str]] = frozenset()
    """Parameters that lie encrypted in the database and read `***` in every answer; `a.b` is `b` inside `a`."""
    input_field: ClassVar[str | None] = None
    """The parameter that names an input file, if this type reads one."""

    url_field: ClassVar[str | None] = None
    """The parameter that gives the input file's address instead, if this type takes one."""

    fetching_step: ClassVar[str | None] = "reading_file"
    """The step of this job type in which that is fetched; None for one that has not begun by then."""

    without_effect: ClassVar[frozenset[str]] = frozenset()
    """Parameters that do not change what comes out for the same input bytes."""

    webhook: Webhook | None = Field(None, description="Who is told of the job's progress and end.")

    @classmethod
    def secret_names(cls) -> frozenset[str]:
        """The secrets of this job type and those that every job type has."""
        return cls.secrets | _WEBHOOK_SECRETS

    @property
    def needs_provider(self) -> tuple[ProviderName, str] | None:
        """The remote service that the work needs and the method that needs it, if any."""
        return None

    @property
    def may_use_ocr(self) -> bool:
        """Whether the results depend on the OCR data that the worker has."""
        return False

    @property
    def addresses(self) -> Iterable[tuple[str, str]]:
        """The parameters besides `url_field` that hold addresses the work opens, and those."""
        return ()

    @property
    def wants_archive(self) -> bool:
        """Whether a ZIP file is made of what the job produces."""
        return True

    @property
    def template_wish(self) -> TemplateWish | None:
        """The template to fill, if any."""
        return None

    @model_validator(mode="before")
    @classmethod
    def _take_historical_spellings(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        nested = data.get("extra")
        flat = (
            {name: value for name, value in data.items() if name != "extra"} if isinstance(nested, dict) else dict(data)
        )
        if isinstance(nested, dict):
            flat = {**nested, **flat}
        for old, new in cls.spellings.items():
            if old in flat and new not in flat:
                flat[new] = flat.pop(old)
        return flat
