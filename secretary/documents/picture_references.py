"""References to pictures in a job's Markdown file, put in when it is known which pictures there are."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from secretary.documents.markdown import page_of_marker

_PREVIEWS = "previews/"
_EMBEDDED = "images/embedded/"


def refer_to_pictures(markdown: Path, pictures: Mapping[int, Sequence[str]]) -> None:
    """A page's own picture goes under its marker, what it holds to its end; the file is gone through line by line."""
    partial = markdown.with_name(f".{markdown.name}.part")
    with (
        markdown.open(encoding="utf-8", newline="\n") as before,
        partial.open("w", encoding="utf-8", newline="\n") as after,
    ):
        after.writelines(_with_references(before, pictures))
    partial.replace(markdown)


def _with_references(lines: Iterator[str], pictures: Mapping[int, Sequence[str]]) -> Iterator[str]:
    held: list[str] = []
    for line in lines:
        number = page_of_marker(line)
        if number is None:
            yield line
            continue
        yield from (f"{reference}\n" for reference in held)
        names = [name for name in pictures.get(number, ()) if not name.startswith(_PREVIEWS)]
        held = [
            f"![Image {index} of page {number}]({name})\n"
            for index, name in enumerate((name for name in names if name.startswith(_EMBEDDED)), 1)
        ]
        yield line
        yield from (f"\n![Page {number}]({name})\n" for name in names if not name.startswith(_EMBEDDED))
    yield from (f"\n{reference}" for reference in held)
