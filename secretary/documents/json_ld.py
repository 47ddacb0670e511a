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
    for node in _nodes(scripts):
        kinds = _kinds(node)
        if any(kind.endswith("Event") for kind in kinds):
            events.append(_event(node))
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


def _kinds(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [each.rpartition("/")[2] for each in kinds if isinstance(each, str)]


def _event(node: dict[str, Any]) -> SaidEvent:
    place = node.get("location")
    speakers = [name for key in _SPEAKING for name in _names(node.get(key))]
    return SaidEvent(
        name=_text(node.get("name")),
        description=_text(node.get("description"), LONGEST_DESCRIPTION, lines=True),
        start=_text(node.get("startDate")),
        end=_text(node.get("endDate")),
        place=next(_names(place), None),
        speakers=tuple(dict.fromkeys(speakers))[:_MOST_SPEAKERS],
    )


def _names(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = _text(each.get("name") if isinstance(each, dict) else each)
        if name:
            yield name


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
