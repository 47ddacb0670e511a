"""Secrets inside parameters: where they are, and parameters with each of them changed: sealed, unsealed or masked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

MASK: Final = "***"


def with_secrets(parameters: Mapping[str, Any], names: Iterable[str], change: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy in which `change` was applied to every secret that is given; a name such as `webhook.token` leads into an object."""
    changed = dict(parameters)
    for name in names:
        first, _, rest = name.partition(".")
        value = changed.get(first)
        if rest and isinstance(value, Mapping):
            changed[first] = with_secrets(value, (rest,), change)
        elif not rest and value is not None:
            changed[first] = change(value)
    return changed


def masked(parameters: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The parameters as every answer shows them."""
    return with_secrets(parameters, names, lambda _: MASK)
