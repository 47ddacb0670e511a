"""`--param name=value`: the parameters of a job from words, as the job type's JSON Schema wants them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typer

from secretary.up.failures import CannotStart

Schema = Mapping[str, Any]

_KINDS: Final[dict[type, frozenset[str]]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
    type(None): frozenset({"null"}),
    str: frozenset(),
}


def parameters_of(words: Sequence[str], schema: Schema | None) -> dict[str, Any]:
    """`a.b=c` is `{"a": {"b": "c"}}`; `a=@file` reads the value from a file, `a=@@c` is the text `@c`."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        path = name.strip().split(".")
        if not equals or not all(path):
            raise typer.BadParameter(f"{word!r} is not of the form name=value.", param_hint="--param")
        _put(found, path, _value(_read(name, text), _kinds_at(path, schema)), is_list=_is_list(path, schema))
    return found


def page_range(text: str | None) -> dict[str, int]:
    """`3`, `2-5`, `2-` and `-5` as the parameters of a pdf job."""
    if text is None:
        return {}
    first, dash, last = (part.strip() for part in text.partition("-"))
    numbers = [part for part in (first, last) if part]
    if not numbers or not all(part.isascii() and part.isdigit() and int(part) > 0 for part in numbers):
        raise typer.BadParameter(f"{text!r} is no range of pages such as 3, 2-5, 2- or -5.", param_hint="--pages")
    if not dash:
        last = first
    if first and last and int(first) > int(last):
        raise typer.BadParameter(f"{text!r} ends before it begins.", param_hint="--pages")
    return {**({"page_start": int(first)} if first else {}), **({"page_end": int(last)} if last else {})}


def joined(options: Mapping[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Both; one that an option and `--param` give is refused, as neither is the one surely meant."""
    for name in options.keys() & params.keys():
        raise typer.BadParameter(f"{name} is given by an option already.", param_hint="--param")
    return {**options, **params}


def _read(name: str, text: str) -> str:
    if text.startswith("@@"):
        return text[1:]
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CannotStart(f"--param {name}: {text[1:]} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CannotStart(f"--param {name}: {text[1:]} is not text in UTF-8.") from None


def _value(text: str, kinds: frozenset[str] | None) -> Any:
    """What the text says as JSON where the schema wants that; text wherever text is wanted, too, unless it is a list or object."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if kinds is None or ("string" not in kinds and kinds & _KINDS[type(value)]):
        return value
    return value if isinstance(value, list | dict) and kinds & _KINDS[type(value)] else text


def _put(found: dict[str, Any], path: Sequence[str], value: Any, *, is_list: bool) -> None:
    *parents, last = path
    for name in parents:
        found = found.setdefault(name, {})
        if not isinstance(found, dict):
            raise typer.BadParameter(f"{name} is given as a value already.", param_hint="--param")
    if last not in found:
        found[last] = value
    elif is_list:
        before = found[last] if isinstance(found[last], list) else [found[last]]
        found[last] = [*before, *(value if isinstance(value, list) else [value])]
    else:
        raise typer.BadParameter(f"{'.'.join(path)} is given twice.", param_hint="--param")


def _kinds_at(path: Sequence[str], schema: Schema | None) -> frozenset[str] | None:
    """The JSON types that the schema allows there; None where it says nothing, so that anything may be meant."""
    choices = _choices_at(path, schema)
    kinds = frozenset(kind for choice in choices for kind in _types(choice))
    return kinds or None


def _is_list(path: Sequence[str], schema: Schema | None) -> bool:
    return "array" in (_kinds_at(path, schema) or ())


def _choices_at(path: Sequence[str], schema: Schema | None) -> list[Schema]:
    choices = [schema] if schema else []
    for name in path:
        properties = [choice.get("properties", {}).get(name) for choice in choices]
        choices = [choice for found in properties if found is not None for choice in _choices(found, schema or {})]
    return choices


def _choices(found: Schema, schema: Schema) -> list[Schema]:
    """What a reference or a choice stands for."""
    if "$ref" in found:
        return _choices(schema.get("$defs", {}).get(found["$ref"].rpartition("/")[2], {}), schema)
    several = [choice for key in ("anyOf", "oneOf", "allOf") for choice in found.get(key, ())]
    return [one for choice in several for one in _choices(choice, schema)] or [found]


def _types(choice: Schema) -> Sequence[str]:
    kind = choice.get("type")
    if kind is None:
        return ("string",) if "enum" in choice or "const" in choice else ()
    return kind if isinstance(kind, list) else (kind,)
