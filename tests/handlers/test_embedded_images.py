"""The images inside a document as files of the job."""

import io

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from secretary.documents.kept_pictures import KeptPictures
from secretary.documents.page_content import DrawnPage
from tests.documents_made import CATALOG, written_pdf


def picture(shade=200, size=(40, 30), mode="L"):
    return Image.new(mode, size, shade)


def jpeg(shade=200):
    held = io.BytesIO()
    picture(shade).save(held, "JPEG")
    return held.getvalue()


def images_pdf(path, *pages):
    """Each page shows its pictures; bytes are a JPEG file that goes in as it is."""
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=True)
    for number, shown in enumerate(pages):
        for index, each in enumerate(shown):
            source = _jpeg_file(path, each) if isinstance(each, bytes) else ImageReader(each)
            canvas.drawImage(source, 72, 700 - 60 * index, 40, 30)
        canvas.drawString(72, 760, f"Text {number + 1}")
        canvas.showPage()
    canvas.save()
    return path


def _jpeg_file(path, data):
    file = path.with_name(f"{abs(hash(data))}.jpg")
    file.write_bytes(data)
    return str(file)


def embedded(assets):
    return [asset for asset in assets if asset.startswith("images/embedded/")]


def test_a_jpeg_is_kept_as_it_is_and_others_become_png(tmp_path, job):
    context = job(images_pdf(tmp_path / "a.pdf", [jpeg(), picture(90)]))
    assets = context.run(include_images=True).assets
    assert assets[2:] == ["images/embedded/page-0001-1.jpg", "images/embedded/page-0001-2.png"]
    assert (context.directory / assets[2]).read_bytes() == jpeg()
    with Image.open(context.directory / assets[3]) as kept:
        assert (kept.format, kept.size, kept.convert("L").getpixel((5, 5))) == ("PNG", (40, 30), 90)
    assert context.warnings == []


def test_an_image_that_several_pages_show_is_kept_once(tmp_path, job):
    context = job(images_pdf(tmp_path / "a.pdf", [picture(90)], [jpeg(), jpeg()], [picture(90), jpeg()]))
    assert embedded(context.run(include_images=True).assets) == [
        "images/embedded/page-0001-1.png",
        "images/embedded/page-0002-1.jpg",
    ]


def test_the_markdown_file_refers_to_the_pictures_of_each_page(tmp_path, job):
    context = job(images_pdf(tmp_path / "a.pdf", [picture(90)], [], [picture(90)]))
    context.run(include_images=True)
    text = (context.directory / "a.md").read_text(encoding="utf-8")
    assert text.split("\n", 1)[1] == (
        "\n<!-- page 1 -->\n\n![Page 1](images/page-0001.jpg)\n\nText 1\n"
        "\n![Image 1 of page 1](images/embedded/page-0001-1.png)\n"
        "\n<!-- page 2 -->\n\n![Page 2](images/page-0002.jpg)\n\nText 2\n"
        "\n<!-- page 3 -->\n\n![Page 3](images/page-0003.jpg)\n\nText 3\n"
        "\n![Image 1 of page 3](images/embedded/page-0001-1.png)\n"
    )
    assert not list(context.directory.glob(".*"))


def test_without_images_none_are_kept_or_referred_to(tmp_path, job):
    context = job(images_pdf(tmp_path / "a.pdf", [picture(90)]))
    context.run()
    assert context.produced() == ["a.json", "a.md"]
    assert "![" not in (context.directory / "a.md").read_text(encoding="utf-8")


def test_an_image_that_claims_to_be_huge_is_not_decoded(tmp_path, job):
    content = "q 100 0 0 100 72 600 cm /I Do Q"
    source = written_pdf(
        tmp_path / "a.pdf",
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /XObject << /I 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /XObject /Subtype /Image /Width 40000 /Height 40000 /ColorSpace /DeviceGray /BitsPerComponent 1 "
        "/Filter /ASCIIHexDecode /Length 3 >>\nstream\n00>\nendstream",
    )
    context = job(source)
    assert embedded(context.run(include_images=True).assets) == []
    assert (
        "Page 1: embedded images of more than 64,000,000 pixels, or twice that together, left out." in context.warnings
    )


def test_a_page_of_very_many_images_gives_the_first_of_them(tmp_path, job):
    context = job(images_pdf(tmp_path / "a.pdf", [picture(shade) for shade in range(101)]))
    assert len(embedded(context.run(include_images=True).assets)) == 100
    assert context.warnings == ["Page 1: more than 100 embedded images, the rest was left out."]


@pytest.fixture
def kept(tmp_path):
    def write(name, content):
        path = tmp_path / "images/embedded" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return f"images/embedded/{name}"

    return KeptPictures(tmp_path, most_embedded=2), write, tmp_path


def test_what_two_page_workers_wrote_twice_is_kept_once(kept):
    pictures, write, folder = kept
    pictures.add(1, DrawnPage(names=["images/page-0001.jpg", write("page-0001-1.png", b"logo")]))
    pictures.add(2, DrawnPage(names=[write("page-0002-1.png", b"logo"), write("page-0002-2.png", b"other")]))
    pictures.add(4, DrawnPage(names=["images/embedded/page-0002-1.png"]))
    assert pictures.assets == [
        "images/page-0001.jpg",
        "images/embedded/page-0001-1.png",
        "images/embedded/page-0002-2.png",
    ]
    assert pictures.of_page[2] == ["images/embedded/page-0001-1.png", "images/embedded/page-0002-2.png"]
    assert pictures.of_page[4] == ["images/embedded/page-0001-1.png"]
    assert sorted(path.name for path in (folder / "images/embedded").iterdir()) == [
        "page-0001-1.png",
        "page-0002-2.png",
    ]
    assert pictures.warnings() == []


def test_no_more_images_are_kept_than_a_job_may_keep(kept):
    pictures, write, folder = kept
    written = [write(f"page-0001-{number}.png", bytes([number])) for number in (1, 2, 3)]
    pictures.add(1, DrawnPage(names=written, notes=["odd"]))
    assert sorted(path.name for path in (folder / "images/embedded").iterdir()) == [
        "page-0001-1.png",
        "page-0001-2.png",
    ]
    assert pictures.warnings() == [
        "Page 1: odd.",
        "Of the embedded images 2 of together 512 MB are kept; the rest was left out.",
    ]
