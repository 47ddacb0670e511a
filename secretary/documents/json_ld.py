"""What a page says of itself to machines, as JSON-LD in the words of schema.org: its event and its videos."""

import html
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from secretary.documents.plain_text import one_line

LONGEST_LINE: Final = 500
LONGEST_DESCRIPTION: Final = 20_000
_MOST_NODES: Final = 5_000
_MOST_SPEAKERS: Final = 100
_ADDRESS: Final = ("streetAddress", "addressLocality")
_Node = dict[str, Any]
_SPEAKING: Final = ("performer", "performers", "speaker", "actor", "author", "contributor")


@dataclass(frozen=True, slots=True)
class SaidEvent:
    """An `Event` of any kind; times as they are written there, usually ISO 8601."""

    name: str | None
    description: str | None
    start: str | None
    end: str | None
    place: str | None
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidVideo:
    """A `VideoObject`: its file, and the page that plays it, both as written."""

    content: str | None
    player: str | None


@dataclass(frozen=True, slots=True)
class SaidToMachines:
    """Everything of use in a page's scripts of JSON-LD."""

    events: tuple[SaidEvent, ...] = ()
    videos: tuple[SaidVideo, ...] = ()


def read_json_ld(scripts: Iterable[str]) -> SaidToMachines:
    """A script that is no JSON is passed over, as browsers do."""
    events, videos = [], []
    nodes = list(_nodes(scripts))
    known = _by_id(nodes)
    for node in nodes:
        kinds = _kinds(node)
        if any(kind.endswith("Event") for kind in kinds):
            events.append(_event(node, known))
        if "VideoObject" in kinds:
            videos.append(SaidVideo(_text(node.get("contentUrl")), _text(node.get("embedUrl"))))
    return SaidToMachines(tuple(events), tuple(videos))


def _nodes(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every object, the outer before the inner, without going down by recursion into what a page may nest."""
    waiting: deque[Any] = deque()
    for script in scripts:
        try:
            waiting.append(json.loads(script))
        except (ValueError, RecursionError):
            continue
    seen = 0
    while waiting and seen < _MOST_NODES:
        node = waiting.popleft()
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += node


def _by_id(nodes: Iterable[_Node]) -> dict[str, _Node]:
    """The objects that others name by `@id` only, as pages with a `@graph` do."""
    known: dict[str, _Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > 1:
            known.setdefault(name, node)
    return known


def _kinds(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [each.rpartition("/")[2] for each in kinds if isinstance(each, str)]


def _event(node: _Node, known: dict[str, _Node]) -> SaidEvent:
    speakers = [name for key in _SPEAKING for name in _names(node.get(key), known)]
    return SaidEvent(
        name=_text(node.get("name")),
        description=_text(node.get("description"), LONGEST_DESCRIPTION, lines=True),
        start=_text(node.get("startDate")),
        end=_text(node.get("endDate")),
        place=_place(node.get("location"), known),
        speakers=tuple(dict.fromkeys(speakers))[:_MOST_SPEAKERS],
    )


def _place(value: Any, known: dict[str, _Node]) -> str | None:
    """Its name, or where there is none its address."""
    named = next(_names(value, known), None)
    first = value[0] if isinstance(value, list) and value else value
    address = first.get("address") if named is None and isinstance(first, dict) else None
    if not isinstance(address, dict):
        return named or _text(address)
    return ", ".join(filter(None, (_text(address.get(part)) for part in _ADDRESS))) or None


def _names(value: Any, known: dict[str, _Node]) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = _name(each, known) if isinstance(each, dict) else _text(each)
        if name:
            yield name


def _name(node: _Node, known: dict[str, _Node]) -> str | None:
    reference = node.get("@id")
    meant = known.get(reference, {}) if isinstance(reference, str) else {}
    for each in (node, meant):
        parts = (_text(each.get("givenName")), _text(each.get("familyName")))
        if name := _text(each.get("name")) or " ".join(filter(None, parts)):
            return name
    return None


def _text(value: Any, longest: int = LONGEST_LINE, *, lines: bool = False) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    value = html.unescape(value)
    if lines:
        value = "\n".join(one_line(line, longest) for line in value[:longest].splitlines()).strip()
        return value or None
    return one_line(value, longest) or None
