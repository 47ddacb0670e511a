"""Pages printed here from known text, and how far what was read is from it."""

from pathlib import Path
from typing import Any

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
DPI = 200
A4_INCHES = (8.27, 11.69)

ENGLISH = """The committee met on Tuesday, 14 March 2023, to discuss the repair of the old bridge.
Several members asked why the work had not been started earlier in the year,
when the water was low and the weather mild. The engineer explained that 27 of
the necessary parts had to be ordered from abroad, at a price of 4,350 pounds;
they arrived only in February. Nobody was to blame, she said: "We could not know
it." The chairman thanked her and proposed to close the road for 6 weeks."""

GERMAN = """Die Bürgermeisterin begrüßte die Gäste und erläuterte, weshalb die Brücke über den
Fluss während der kühlen Jahreszeit gesperrt bleibt. Für die Überprüfung müssen
größere Gerüste aufgebaut werden, was nach Auskunft der Behörde 5 Wochen dauert.
Äußerst ärgerlich, meinten einige Händler, denn ohne Zufahrt fehlen ihnen Käufer.
Öffentliche Mittel in Höhe von 12.400 Euro stünden bereit. Am 3. Mai trifft sich
der Ausschuß erneut; möglicherweise fällt dann die Entscheidung über den Rückbau."""


def printed(text: str, *, points: float = 11, dpi: int = DPI, left: float = 0.6, inches: Any = A4_INCHES) -> Any:
    """A gray page with the text in black, a line for each of its lines."""
    size = points * dpi / 72
    picture = Image.new("L", (round(inches[0] * dpi), round(inches[1] * dpi)), 255)
    drawing, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), size)
    for index, line in enumerate(text.splitlines()):
        drawing.text((left * dpi, 0.8 * dpi + index * size * 1.5), line, 0, font=font)
    return picture


def in_two_columns(left: str, right: str) -> Any:
    """A page with a headline over two columns of small type."""
    picture = printed("Minutes of the Council", points=16, left=2.5)
    for text, start in ((left, 0.0), (right, A4_INCHES[0] / 2)):
        column = printed(text, points=9, left=0.4, inches=(A4_INCHES[0] / 2, 5))
        picture.paste(column, (round(start * DPI), round(1.3 * DPI)))
    return picture


def skewed(picture: Any, degrees: float) -> Any:
    return picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def scan_of(path: Path, *pictures: Any, dpi: int = DPI) -> Path:
    """A PDF with a picture on each page and no text, as scanners make them."""
    canvas = Canvas(str(path), invariant=True)
    for picture in pictures:
        size = (picture.width * 72 / dpi, picture.height * 72 / dpi)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(picture), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return path


def error_rate(read: str, known: str) -> float:
    """Character errors for each known character, white space of any kind being one space."""
    found, wanted = " ".join(read.split()), " ".join(known.split())
    row = list(range(len(found) + 1))
    for index, letter in enumerate(wanted, 1):
        above, row = row, [index]
        for place, other in enumerate(found, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != other)))
    return row[-1] / len(wanted)
