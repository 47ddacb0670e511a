"""The Markdown renderer, in the browser that uses it: what it makes of Markdown, and that nothing hostile becomes anything but text."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import Caller, Open

RENDER = """async (text) => {
    const { markdown } = await import("/web/markdown/markdown.js");
    const place = markdown(text);
    for (const link of place.querySelectorAll("a")) { link.removeAttribute("target"); link.removeAttribute("rel"); }
    return place.innerHTML;
}"""
COUNT = """async (text) => {
    const { markdown } = await import("/web/markdown/markdown.js");
    const place = markdown(text);
    document.body.append(place);
    const names = [...place.querySelectorAll("*")].map((node) => node.tagName.toLowerCase());
    const attributes = [...place.querySelectorAll("*")].flatMap((node) => node.getAttributeNames());
    const links = [...place.querySelectorAll("a")].map((link) => link.href);
    return { names: [...new Set(names)].sort(), attributes: [...new Set(attributes)].sort(), links, text: place.textContent };
}"""
SECONDS = """async (text) => {
    const { markdown } = await import("/web/markdown/markdown.js");
    const began = performance.now();
    document.body.append(markdown(text));
    return (performance.now() - began) / 1000;
}"""
SAFE = {"a", "blockquote", "br", "button", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr"}
SAFE |= {"li", "ol", "p", "pre", "s", "span", "strong"}
SAFE |= {"table", "tbody", "td", "th", "thead", "tr", "ul"}


@pytest.fixture(scope="module")
def page(chromium: Browser, caller: Caller) -> Iterator[Page]:
    """The dashboard's own page, so that its policy holds here, too."""
    opened = chromium.new_page()
    opened.goto(caller.base)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n###### Six ##\nnot # a heading", "<h2>One</h2><h6>Six</h6><p>not # a heading</p>"),
        ("Title\n=====\n\nPart\n---", "<h2>Title</h2><h3>Part</h3>"),
        (
            "a *b* **c** ***d*** ~~e~~ `f*g*`",
            "<p>a <em>b</em> <strong>c</strong> <em><strong>d</strong></em> <s>e</s> <code>f*g*</code></p>",
        ),
        ("snake_case_name _so_ 2*3*4", "<p>snake_case_name <em>so</em> 2<em>3</em>4</p>"),
        ("\\*not\\* \\# \\[x\\]", "<p>*not* # [x]</p>"),
        ("one\ntwo  \nthree\\\nfour", "<p>one\ntwo<br>three<br>four</p>"),
        ("- a\n- b\n  - c\n- d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("It was in\n2024. A year", "<p>It was in\n2024. A year</p>"),
        ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("```py\n<b> *x*\n```", '<pre tabindex="0"><code>&lt;b&gt; *x*</code></pre>'),
        ("    x = 1\n\n    y", '<pre tabindex="0"><code>x = 1\n\ny</code></pre>'),
        ("a\n\n---\n\n***", "<p>a</p><hr><hr>"),
        ('[a *b*](https://example.org/x?y=1 "t")', '<p><a href="https://example.org/x?y=1">a <em>b</em></a></p>'),
        (
            "<https://example.org> <mailto:a@b.org>",
            '<p><a href="https://example.org/">https://example.org</a> <a href="mailto:a@b.org">mailto:a@b.org</a></p>',
        ),
        ("[a](b(c)d) [x] [y][z]", "<p>a [x] [y][z]</p>"),
        ("&lt;b&gt; &amp; &#65; &#x110000; &nope;", "<p>&lt;b&gt; &amp; A \ufffd &amp;nope;</p>"),
        ("a <!-- secret --> b\n\n<!-- page 3 -->\n\nc", '<p>a  b</p><p class="markdown-page">Page 3</p><p>c</p>'),
        ("![a picture](https://example.org/x.png)", '<p><span class="picture-left-out">a picture</span></p>'),
        (
            "---\ntitle: A\nlist: [b]\n---\nText",
            '<dl class="front-matter"><div><dt>title</dt><dd>A</dd></div><div><dt>list</dt><dd>[b]</dd></div></dl><p>Text</p>',
        ),
        (
            "See https://e.org/a_b?c=1. [https://x.org](https://y.org)",
            '<p>See <a href="https://e.org/a_b?c=1">https://e.org/a_b?c=1</a>. <a href="https://y.org/">https://x.org</a></p>',
        ),
        (
            '<video controls src="https://example.org/v.mp4"></video>',
            '<p><a href="https://example.org/v.mp4">The video</a></p>',
        ),
        ("0", "<p>0</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_elements(page: Page, text: str, html: str):
    assert page.evaluate(RENDER, text) == html


def test_tables_have_heads_cells_and_alignments(page: Page):
    made = page.evaluate(RENDER, "| a | b | c |\n|:--|:-:|--:|\n| 1 | x\\|y | **3** |\n| 4 |\n\nafter")
    assert '<th scope="col">a</th><th class="centred" scope="col">b</th><th class="right" scope="col">c</th>' in made
    assert '<td>1</td><td class="centred">x|y</td><td class="right"><strong>3</strong></td>' in made
    assert '<tr><td>4</td><td class="centred"></td><td class="right"></td></tr>' in made
    assert made.endswith("<p>after</p>")
    assert "<table" not in page.evaluate(RENDER, "a | b\nc | d")


HOSTILE = [
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "<svg onload=alert(1)><iframe srcdoc='<script>top.document.title=1</script>'>",
    "[x](javascript:document.title='taken')",
    "[x](JaVaScRiPt&colon;alert(1)) [x](java\tscript:alert(1)) [x]( javascript:alert(1))",
    "[x](<java\nscript:alert(1)>) [x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x) [x](file:///etc/passwd) [x](//other.example/x) [x](../../api/jobs) [x](blob:https://a/b)",
    "<javascript:alert(1)> <data:text/html,x>",
    "![x](javascript:alert(1)) ![x](https://other.example/pixel.png) ![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    '[x](https://example.org/"onmouseover="alert(1))',
    "| <script>x</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "---\n<script>x</script>: <img src=x onerror=alert(1)>\n---\n",
    "```<script>\n</code></pre><script>document.title='taken'</script>\n```",
    "<form action=https://other.example><input name=key><button>Sign in</button></form>",
    "<style>*{display:none}</style><link rel=stylesheet href=https://other.example>",
    "# <a href=javascript:alert(1)>x</a>\n> <base href=https://other.example>",
    '<video src="javascript:alert(1)"></video>',
    '<video src="https://other.example/v.mp4" onerror="alert(1)"><script>x</script></video>',
    'https://other.example/"onclick=alert(1) http://',
    "\0<scr\0ipt>alert(1)</scr\0ipt>\u202e\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_text(page: Page, text: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.title()
    made = page.evaluate(COUNT, text)
    page.wait_for_timeout(50)
    assert set(made["names"]) <= SAFE
    assert set(made["attributes"]) <= {
        "class",
        "href",
        "rel",
        "target",
        "scope",
        "tabindex",
        "role",
        "aria-label",
        "start",
    }
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in made["links"])
    assert page.title() == before
    assert [address for address in asked if "example" in address or "pixel" in address] == []


def test_a_link_tells_the_other_site_nothing(page: Page):
    script = RENDER.replace('link.removeAttribute("target"); link.removeAttribute("rel");', "")
    made = page.evaluate(script, "[x](http://example.org)")
    assert made == '<p><a href="http://example.org/" rel="noopener noreferrer" target="_blank">x</a></p>'


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "![" * 50_000 + "](x)" * 50_000,
        "*a " * 60_000,
        "*a _b " * 20_000 + "c* d_ " * 20_000,
        "**a " * 20_000 + "b** " * 20_000,
        "`" * 50_000 + "a`" * 50_000,
        " ".join("`" * (number % 300 + 1) for number in range(1_500)),
        "> " * 60_000,
        "- " * 60_000,
        "".join(" " * (2 * depth) + "- a\n" for depth in range(300)),
        "<!--" * 50_000,
        "http://" * 25_000,
        "http://a" + "." * 150_000,
        "<" * 100_000,
        "&" * 100_000,
        "[a](" * 40_000,
        '[a](b "' * 25_000,
        "# " + " #" * 90_000,
        "a" + " " * 150_000 + "b",
        "|" * 100_000 + "\n" + "|-" * 50_000,
        "\\" * 150_000,
        "*" * 150_000,
        "a\n" * 90_000,
        "- a\n" * 40_000,
        "-\n" * 90_000,
        "*a* " * 49_000,
        "|a\n|-\n" + "|\n" * 90_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_takes_longer_than_its_length(page: Page, text: str):
    # Quadratic work on these takes minutes.
    page.set_default_timeout(60_000)
    began = time.monotonic()
    seconds = page.evaluate(SECONDS, text)
    assert seconds < 10, f"{seconds} s, {time.monotonic() - began} s in all"
    page.evaluate("document.body.lastElementChild.remove()")


def test_a_long_text_is_shown_in_parts(opened: Open):
    dashboard = opened()
    dashboard.open()
    page = dashboard.page
    made = page.evaluate(
        """async (text) => {
            const { markdown } = await import("/web/markdown/markdown.js");
            const place = markdown(text);
            const counts = [];
            for (;;) {
                counts.push(place.querySelectorAll("p").length);
                const more = place.querySelector("button");
                if (!more) return counts;
                more.click();
            }
        }""",
        "\n\n".join(f"Paragraph {number} " + "x" * 90 for number in range(5_000)),
    )
    assert len(made) > 2
    assert made[-1] == 5_000
