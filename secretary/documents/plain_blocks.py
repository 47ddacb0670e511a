"""Blocks of a text without fonts or places, as OCR gives it: paragraphs between empty lines, and list items."""

from secretary.documents.blocks import Block, Kind
from secretary.documents.list_marks import mark_of
from secretary.documents.open_blocks import LONGEST_BLOCK, joined_text

_INDENT = 2  # spaces that make an item one of a list inside a list


def text_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    goes_on = False
    for written in text.splitlines():
        line = written.strip()
        if not line:
            goes_on = False
        elif goes_on and len(blocks[-1].text) <= LONGEST_BLOCK and not _begins_item(line, blocks[-1]):
            last = blocks[-1]
            blocks[-1] = Block(last.kind, joined_text(last.text, line, broken=False), depth=last.depth, mark=last.mark)
        else:
            blocks.append(_block(line, min(len(written) - len(written.lstrip()), 2 * _INDENT) // _INDENT))
            goes_on = True
    return blocks


def _begins_item(line: str, before: Block) -> bool:
    """A number or a dash may also begin a line in the middle of a sentence."""
    mark = mark_of(line)
    return mark is not None and (mark.is_sure or before.kind is not Kind.TEXT or before.text.endswith((".", ":", ";")))


def _block(line: str, depth: int) -> Block:
    mark = mark_of(line)
    if mark is None:
        return Block(Kind.TEXT, line)
    kind = Kind.BULLET if mark.number is None else Kind.NUMBERED
    return Block(kind, line[mark.length :], depth=depth, mark=mark.text)
