"""Names as callers give them, and where the report and its assets lie."""

import unicodedata
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from secretary.sessions.places import places_of, safe_name


def test_a_report_lies_under_its_event_language_and_track_beside_the_assets_of_all_languages():
    german = places_of("FOSDEM 2025", "de", "Main Track", "Öffnung des Geräts.md")
    english = places_of("FOSDEM 2025", "en", "Main Track", "Öffnung des Geräts.md")
    assert str(german.report) == "FOSDEM-2025/de/Main-Track/Öffnung-des-Geräts.md"
    assert str(english.report) == "FOSDEM-2025/en/Main-Track/Öffnung-des-Geräts.md"
    assert german.assets == english.assets == PurePosixPath("FOSDEM-2025/assets/Öffnung-des-Geräts")


def test_links_lead_from_the_report_to_the_assets():
    places = places_of("Conf", "de", "Track", "talk")
    path = f"{places.assets}/slides/previews/page-0001.jpg"
    assert places.from_report(path) == "../../assets/talk/slides/previews/page-0001.jpg"
    assert places.from_report(f"{places.assets}/ä (1).jpg") == "../../assets/talk/%C3%A4%20%281%29.jpg"


def test_names_that_lead_elsewhere_or_name_devices_become_plain_names():
    assert safe_name("../../etc/passwd") == "etc-passwd"
    assert safe_name("a..b") == "a.b"
    assert safe_name("..") == "document"
    assert safe_name("CON") == "CON-"
    assert safe_name("lpt1.md") == "lpt1.md-"
    assert safe_name("C:\\temp\\x") == "C-temp-x"
    assert safe_name("\u202egnp.exe\0\n") == "gnp.exe"


@given(*[st.text(max_size=400)] * 3)
def test_whatever_the_words_no_name_leaves_its_folder(event: str, track: str, filename: str):
    places = places_of(event, "de", track, filename)
    assert len(places.report.parts) == 4
    assert len(places.assets.parts) == 3
    assert places == places_of(event, "de", track, filename)
    for part in (*places.report.parts, *places.assets.parts):
        assert ".." not in part
        assert not part.startswith(".")
        assert len(part.encode()) <= 210
        assert not any(letter in '/\\:*?"<>|' or unicodedata.category(letter)[0] == "C" for letter in part)
