"""Draws docs/pictures/terminal.svg: a real watch of several jobs, caught in the middle. In the environment that scripts/test made:

python scripts/terminal_picture.py
"""

import asyncio
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from secretary.cli.bars import Bars
from secretary.cli.remote.address import address_of
from secretary.cli.remote.client import Client
from secretary.cli.remote.followed import Followed
from secretary.cli.remote.watching import Watching
from secretary.cli.submitting import Submitting, Wishes

PICTURE: Final = Path(__file__).parents[1] / "docs" / "pictures" / "terminal.svg"
PAGES: Final = {
    "cover-letter.pdf": 1,
    "invoice-0417.pdf": 2,
    "quarterly-figures.pdf": 45,
    "annual-report.pdf": 90,
    "board-minutes.pdf": 30,
    "house-rules.pdf": 12,
}
COLUMNS: Final = 92
# The picture must not ask another host for letters.
FORMAT: Final = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace("Fira Code, ", "")


class Caught(Exception):
    """The moment has come."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sec-") as path:
        folder = Path(path)
        data = folder / "data"
        command = [sys.executable, "-m", "secretary", "up", "--port", "0", "--data-dir", str(data)]
        service = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert service.stdout is not None
            while not service.stdout.readline().startswith("Ctrl-C"):
                assert service.poll() is None, "the service did not start"
            _draw(folder, data)
        finally:
            service.terminate()
            service.wait()


def _draw(folder: Path, data: Path) -> None:
    from secretary.cli.inputs import inputs_of

    address = address_of(data_dir=data)
    with Client(address) as client:
        for name, pages in PAGES.items():
            _write(folder / name, pages)
        wishes = Wishes(None, {"include_images": True}, (), None, None, None)
        submitting = Submitting(client, wishes)
        ids: list[str] = []
        wanted = submitting.bodies(inputs_of([str(folder / name) for name in PAGES], folder))
        submitting.each(wanted, tell=lambda one: ids.append(str(one.job_id)))
    followed = [Followed(one, name) for one, name in zip(ids, PAGES, strict=True)]
    console = Console(
        record=True, width=COLUMNS, height=24, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    bars = Bars(console, followed)

    def look(_: Followed) -> None:
        running = [one for one in followed if one.status == "processing" and 35 < one.percent < 90]  # noqa: PLR2004
        waiting = [one for one in followed if one.status == "pending"]
        if len(running) > 1 and waiting and any(one.ended for one in followed):
            raise Caught

    try:
        asyncio.run(Watching(address, followed, tell=look, note=lambda *_: None).run())
    except Caught:
        console.print(Text.assemble(("$ ", "dim"), "secretary submit *.pdf --include-images --watch"))
        console.print(bars)
        PICTURE.write_text(
            console.export_svg(title="secretary", code_format=FORMAT, unique_id="secretary"), encoding="utf-8"
        )
        return
    raise SystemExit("the moment never came: all ended too soon")


def _write(path: Path, pages: int) -> None:
    canvas = Canvas(str(path))
    for page in range(pages):
        for line in range(45):
            canvas.drawString(
                72, 760 - 15 * line, f"{path.stem.capitalize()}, page {page + 1}: what was said and done, line {line}."
            )
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    main()
