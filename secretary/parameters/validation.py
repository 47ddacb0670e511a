"""From pydantic's errors to sentences for callers, with the near match of a misspelt name."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from secretary.errors import FieldError, InvalidParameters
from secretary.parameters.near_match import near_match

Model = TypeVar("Model", bound=BaseModel)

MAX_FIELD_ERRORS: Final = 100
"""More would only make the answer long: finding what was meant by each of a body's 500,000 unknown names takes ten seconds."""

_WORDS = {"dict_type": "must be an object", "model_type": "must be an object", "missing": "is required"}


def parse(model: type[Model], data: Any, *, under: tuple[str, ...] = ()) -> Model:
    """`data` as a `model`, or InvalidParameters with one entry per wrong field, each path starting with `under`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fields = tuple(field.under(*under) for field in field_errors(error, names_of(model)))
        raise InvalidParameters(_summary(fields), fields=fields) from None


def names_of(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(model.model_fields)


def field_errors(error: ValidationError, names: Iterable[str]) -> list[FieldError]:
    """One FieldError for each of pydantic's, up to MAX_FIELD_ERRORS, `names` being what could have been meant."""
    entries = error.errors(include_url=False, include_context=False, include_input=False)[:MAX_FIELD_ERRORS]
    return [
        FieldError(
            tuple(str(part) for part in entry["loc"]), _sentence(entry["type"], entry["msg"], entry["loc"], names)
        )
        for entry in entries
    ]


def _sentence(kind: str, message: str, location: tuple[int | str, ...], names: Iterable[str]) -> str:
    if kind == "extra_forbidden":
        return f'unknown parameter "{location[-1]}".{near_match(str(location[-1]), names)}'
    return _WORDS.get(kind) or message[:1].lower() + message[1:]


def _summary(fields: tuple[FieldError, ...]) -> str:
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return f"{first.field or 'input'}: {first.message}{more}"
