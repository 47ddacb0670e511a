"""What a session's page tells beside its text."""

import json

import pytest

from secretary.documents.web_facts import CaptionTrack, PageLink
from secretary.documents.web_reading import read_facts
from tests.sessions.conference import page

URL = "https://conf.example/schedule/fast-parsers"


def test_the_event_of_this_title_is_read_from_what_the_page_tells_machines():
    facts = read_facts(page().decode(), URL, "fast parsers")
    assert facts.title == "Fast parsers"
    assert facts.description == "How parsers are written that are fast & small."
    assert (facts.start, facts.end) == ("2025-02-01T10:30:00+01:00", "2025-02-01T11:00:00+01:00")
    assert facts.place == "Room K.1.105"
    assert facts.speakers == ("Ada Lovelace", "Alan Turing")


def test_an_event_of_the_title_of_the_page_is_taken_where_the_job_names_another():
    assert read_facts(page().decode(), URL, "Something else").speakers == ("Ada Lovelace", "Alan Turing")


def test_an_event_of_another_title_is_taken_when_there_is_no_better():
    untitled = page().decode().replace("<h1>Fast parsers</h1>", "").replace('property="og:title"', "")
    assert read_facts(untitled, URL, "Something else").speakers == ("Nobody",)


def test_the_event_that_shares_most_with_the_title_is_the_session_and_not_its_conference():
    events = [{"@type": "Event", "name": name, "performer": name} for name in ("ExampleConf", "Fast parsers")]
    facts = read_facts(page(event=events).decode(), URL, "Fast parsers, at ExampleConf")
    assert facts.speakers == ("Fast parsers",)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        (
            {"address": {"@type": "PostalAddress", "streetAddress": "Main St 1", "addressLocality": "Graz"}},
            "Main St 1, Graz",
        ),
        ([{"@type": "Place", "address": "Main St 1"}], "Main St 1"),
        ({"address": ["Main St 1", 3]}, "Main St 1"),
        ({"address": {"addressLocality": 3}}, None),
        ([], None),
    ],
)
def test_a_place_without_a_name_is_told_by_its_address(location: object, place: str | None):
    event = {"@type": "Event", "name": "Fast parsers", "location": location}
    assert read_facts(page(event=event).decode(), URL, "").place == place


@pytest.mark.parametrize("title", ["Fast parsers in practice", "Fast  Parsers!", "fast"])
def test_an_event_whose_title_has_more_or_fewer_words_comes_before_any_other(title: str):
    assert read_facts(page().decode(), URL, title).speakers == ("Ada Lovelace", "Alan Turing")


def test_what_the_graph_of_a_page_names_by_id_only_is_looked_up_there():
    graph = [
        {
            "@type": "Event",
            "name": "Roofs",
            "performer": [{"@id": "#ada"}, {"@id": "#nobody"}, {"@id": ["#ada"]}],
            "location": {"@id": "#hall"},
        },
        {"@type": "Person", "@id": "#ada", "givenName": "Ada", "familyName": "Green"},
        {"@type": "Place", "@id": "#hall", "name": "Hall 3"},
    ]
    script = json.dumps({"@context": "https://schema.org", "@graph": graph})
    facts = read_facts(f'<script type="application/ld+json">{script}</script>', URL, "Roofs")
    assert (facts.speakers, facts.place) == (("Ada Green",), "Hall 3")


def test_video_captions_and_slides_are_found_each_once_with_whole_addresses():
    facts = read_facts(page().decode(), URL, "")
    assert facts.videos == ("https://conf.example/media/talk.mp4",)
    assert facts.captions == (
        CaptionTrack("https://conf.example/media/talk.de.vtt", "de", is_default=False, video=facts.videos[0]),
        CaptionTrack("https://conf.example/media/talk.en.vtt", "en", is_default=False, video=facts.videos[0]),
    )
    assert facts.pdfs == (PageLink("https://conf.example/slides/fast%20parsers.pdf", "Slides"),)


def test_slides_that_a_page_shows_in_itself_are_found_after_those_it_links_to():
    html = """<object data="a.pdf"></object><embed src="/b.PDF"><iframe src="c.pdf#page=2"></iframe><iframe src="d.html"></iframe>
    <a href="c.pdf">Slides</a>"""
    there = "https://conf.example"
    expected = (PageLink(f"{there}/schedule/c.pdf", "Slides"), PageLink(f"{there}/schedule/a.pdf", ""))
    assert read_facts(html, URL, "").pdfs == (*expected, PageLink(f"{there}/b.PDF", ""))


def test_a_base_address_and_other_ways_to_name_a_video_are_known():
    html = """<head><base href="https://media.example/a/"><meta property="og:video" content="talk.webm"></head>
    <body><a href="talk.mp4">Video</a><iframe src="https://www.youtube.com/embed/x"></iframe>
    <video><source src="live.m3u8"></video></body>"""
    facts = read_facts(html, URL, "")
    assert facts.videos == ("https://media.example/a/talk.webm", "https://media.example/a/talk.mp4")
    assert facts.players == ("https://www.youtube.com/embed/x", "https://media.example/a/live.m3u8")


@pytest.mark.parametrize(
    "html",
    [
        '<ul><li><a href="/speaker/ada">Ada  Lovelace</a></li><li><a href="/speakers/alan/">Alan Turing</a></li></ul>',
        '<div class="speaker"><span class="name">Ada Lovelace</span></div><span class="speaker-name">Alan Turing</span>',
        '<ul class="speakers"><li>Ada Lovelace</li><li>Alan Turing</li><li>Ada Lovelace</li></ul>',
        "<dl><dt>Room</dt><dd>K</dd><dt>Speakers:</dt> <dd>Ada Lovelace</dd><dd>Alan Turing</dd><dt>Day</dt><dd>1</dd></dl>",
        "<table><tr><th>Referenten</th><td><a href=x>Ada Lovelace</a>, <a href=y>Alan Turing</a></td></tr></table>",
        """<table class="speakers"><tr><th>Who</th><th>Of</th></tr><tr><td>Ada Lovelace</td><td>London</td></tr>
        <tr><td>Alan Turing</td><td>Manchester</td></tr></table>""",
    ],
)
def test_speakers_are_found_in_the_ways_pages_list_them(html: str):
    assert read_facts(html, URL, "").speakers == ("Ada Lovelace", "Alan Turing")


def test_a_table_with_a_column_of_that_name_is_no_list_of_this_session():
    html = "<table><tr><th>Speaker</th><th>Talk</th></tr><tr><td>Nobody</td><td>Another talk</td></tr></table>"
    assert read_facts(html, URL, "").speakers == ()


def test_scripts_that_are_no_json_or_nest_without_end_are_passed_over():
    scripts = ["{ broken", "[" * 100_000, '{"@type": 3, "name": []}', '"text"', "null"]
    html = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    facts = read_facts(html + "<h1>Title</h1>", URL, "")
    assert (facts.title, facts.speakers, facts.videos) == ("Title", (), ())


def test_addresses_that_are_none_of_the_web_are_left_out():
    html = '<a href="javascript:x.pdf">a</a><a href="file:///x.pdf">b</a><video src="data:video/mp4;base64,AA"></video>'
    facts = read_facts(html, URL, "")
    assert (facts.pdfs, facts.videos) == ((), ())
