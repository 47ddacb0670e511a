"""From pydantic's errors to sentences for callers, with the near match of a misspelt name."""

from typing import Any, Final, TypeVar, get_args

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
        fields = tuple(field.under(*under) for field in field_errors(error, model))
        raise InvalidParameters(_summary(fields), fields=fields) from None


def field_errors(error: ValidationError, model: type[BaseModel]) -> list[FieldError]:
    """One FieldError for each of pydantic's, up to MAX_FIELD_ERRORS, `model` being what was to be made."""
    entries = error.errors(include_url=False, include_context=False, include_input=False)[:MAX_FIELD_ERRORS]
    return [
        FieldError(
            tuple(str(part) for part in entry["loc"]), _sentence(entry["type"], entry["msg"], entry["loc"], model)
        )
        for entry in entries
    ]


def _sentence(kind: str, message: str, location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        return f'unknown parameter "{location[-1]}".{near_match(str(location[-1]), _names_at(model, location[:-1]))}'
    return _WORDS.get(kind) or message[:1].lower() + message[1:]


def _names_at(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The names there could be at this place, some objects deep; none where it is no object of ours."""
    at: Any = model
    for name in place:
        at = next((kind for kind in _models_of(at, str(name))), None)
        if at is None:
            return []
    return [field.alias or name for name, field in at.model_fields.items()]


def _models_of(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    field = model.model_fields.get(name)
    kinds = (field.annotation, *get_args(field.annotation)) if field else ()
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _summary(fields: tuple[FieldError, ...]) -> str:
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return f"{first.field or 'input'}: {first.message}{more}"
