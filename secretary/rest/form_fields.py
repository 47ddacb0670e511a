"""From the fields of a form to the request for a job: text where text is meant, and otherwise what the text says as JSON."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import from_json

from secretary.forms import wrong_field
from secretary.job_types import PDF, JobTypes
from secretary.parameters import JobRequest
from secretary.storable_values import refuse_what_cannot_be_kept

_PARAMETERS: Final = "parameters"


def job_request_of(fields: dict[str, str], job_types: JobTypes) -> dict[str, Any]:
    """The request that these fields make, the job type `pdf` when none is named; raises InvalidParameters.

    A field that no job has in common is one of the job type's parameters; `parameters` holds more of them as a JSON object.
    """
    job_type = job_types.find(fields.get("job_type", PDF.name))
    request: dict[str, Any] = {"job_type": PDF.name}
    parameters = _object_in(fields.get(_PARAMETERS))
    for name, text in fields.items():
        if name in JobRequest.model_fields and name != _PARAMETERS:
            request[name] = _value(text, JobRequest, name)
        elif name != _PARAMETERS:
            parameters[name] = _value(text, job_type.parameters if job_type else None, name)
    request[_PARAMETERS] = parameters
    refuse_what_cannot_be_kept(request)
    return request


def _object_in(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise wrong_field(_PARAMETERS, f"must be a JSON object: {error}") from None
    if not isinstance(found, dict):
        raise wrong_field(_PARAMETERS, "must be a JSON object")
    return found


def _value(text: str, model: type[BaseModel] | None, name: str) -> Any:
    if model is not None and _takes_text(model, name):
        return text
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        return text


def _takes_text(model: type[BaseModel], name: str) -> bool:
    spellings: dict[str, str] = getattr(model, "spellings", {})
    schema = model.model_json_schema()
    field = schema["properties"].get(spellings.get(name, name), {})
    return any(_named(choice, schema).get("type") == "string" for choice in field.get("anyOf", [field]))


def _named(choice: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for: a choice of words is text, a webhook is an object."""
    found: dict[str, Any] = schema["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
    return found
