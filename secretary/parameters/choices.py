"""Parameters of which exactly one is to be given."""

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


def exactly_one(parameters: BaseModel, *names: str) -> None:
    """Raises a ValidationError that names each of these fields unless exactly one of them is given."""
    if sum(getattr(parameters, name) is not None for name in names) == 1:
        return
    error = PydanticCustomError("exactly_one", "give exactly one of {names}", {"names": " and ".join(names)})
    wrong = [InitErrorDetails(type=error, loc=(name,), input=getattr(parameters, name)) for name in names]
    raise ValidationError.from_exception_data(type(parameters).__name__, wrong, hide_input=True)
