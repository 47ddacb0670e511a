"""Values as they stand in a Markdown body: lists as lists where there is room for one, in a row where there is not."""

import re
from typing import Final

from secretary.language.filled import Value

_HEADING: Final = re.compile(r" {0,3}#{1,6}[ \t]")
_TABLE_ROW: Final = re.compile(r" {0,3}\|")
_MARGIN: Final = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")
_ITEM: Final = re.compile(r"([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def write_value(value: Value, before: str, after: str, following: str) -> str:
    """The value as it is put between `before` and `after`, the rest of its line; `following` is the line below."""
    if _HEADING.match(before):
        return _LINE_END.sub(" ", one_line(value))
    if _TABLE_ROW.match(before):
        return _LINE_END.sub("<br>", one_line(value)).replace("|", r"\|")
    margin_match = _MARGIN.match(before)
    margin = margin_match.group() if margin_match else ""
    if not isinstance(value, list | dict):
        return _further_lines(one_line(value), margin + _hanging(before[len(margin) :]))
    if after.strip() or not value:
        return one_line(value)
    return _as_list(value, before[len(margin) :], margin, following)


def one_line(value: Value) -> str:
    """A value in a row with others; text with more lines keeps them."""
    if isinstance(value, list):
        return ", ".join(one_line(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {one_line(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _as_list(value: Value, label: str, margin: str, following: str) -> str:
    item = _ITEM.fullmatch(label)
    if item and isinstance(value, list):
        return _siblings(value, item, margin)
    if _ITEM.match(label):
        inner = margin + _hanging(label)
        return "\n" + inner + ("\n" + inner).join(_items(value))
    lines = ("\n" + margin).join(_items(value))
    if not label:
        return lines
    # Between a paragraph and a list there is a blank line; without one below, the next line would belong to the last item.
    closing = "\n" + margin.rstrip() if following.strip(" \t\r\n>") else ""
    return f"\n{margin.rstrip()}\n{margin}{lines}{closing}"


def _siblings(value: list[Value], item: re.Match[str], margin: str) -> str:
    """A list where the template has one item: each value becomes an item like it, numbered on where it is numbered."""
    marker, space, box = item.group(1), item.group(2), item.group(3) or ""
    first = int(marker[:-1]) if marker[:-1] else None
    out: list[str] = []
    for index, entry in enumerate(value):
        own = marker if first is None else f"{first + index}{marker[-1]}"
        opening = f"{own}{space}{box}"
        text = _further_lines(_item_text(entry), margin + " " * (len(own) + len(space)))
        out.append(text if index == 0 else f"{margin}{opening}{text}")
    return "\n".join(out)


def _items(value: Value) -> list[str]:
    """The lines of a Markdown list of this value, without margin."""
    if isinstance(value, dict):
        entries = [(f"{key}:", item) for key, item in value.items()]
    else:
        entries = [("", item) for item in value] if isinstance(value, list) else [("", value)]
    lines: list[str] = []
    for label, item in entries:
        if isinstance(item, list | dict) and item and (label or isinstance(item, list)):
            lines += [f"- {label}".rstrip(), *(f"  {line}" for line in _items(item))]
        else:
            text = f"- {label} {_item_text(item)}" if label else f"- {_item_text(item)}"
            lines += _further_lines(text.rstrip(), "  ").split("\n")
    return lines


def _item_text(value: Value) -> str:
    return _LINE_END.sub("\n", one_line(value)).strip()


def _hanging(label: str) -> str:
    """The indentation under a list item's text."""
    item = _ITEM.match(label)
    return " " * (len(item.group(1)) + len(item.group(2))) if item else ""


def _further_lines(text: str, margin: str) -> str:
    """The text with its further lines under the same margin, so that they stay in the same quotation or item."""
    return _LINE_END.sub("\n" + margin, text) if margin else text
