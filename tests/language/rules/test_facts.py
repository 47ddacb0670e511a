"""What is known by its shape: addresses, telephone numbers, amounts, organisations."""

from secretary.language.rules import facts, fill_by_rules
from secretary.language.templates import TemplateLibrary

TEXT = """Contact: anna.smith+news@mail.example.org or (https://www.example.org/a_(b)?x=1#y). Call +49 8807 123456 or 089 / 1234567.
It costs €1,250.50, later 3.400,00 EUR, CHF 12'000.-, $84,200 or 2,4 Mio. €, that is 4 % more, see www.example.com.
Version 1.2 of 12 pages. Offers came from Krone Pumpen GmbH, from Apex Roofing Inc. and from the Turnverein Blau-Weiß e. V.

The pumps were delivered late, and two of the pumps had to be replaced by the supplier after three weeks of operation."""


def found(spans) -> list[str]:
    return [span.of(TEXT) for span in spans]


def test_addresses_and_numbers_are_found_whole():
    assert found(facts.emails(TEXT)) == ["anna.smith+news@mail.example.org"]
    assert found(facts.urls(TEXT)) == ["https://www.example.org/a_(b)?x=1#y", "www.example.com"]
    assert found(facts.phones(TEXT)) == ["+49 8807 123456", "089 / 1234567"]


def test_amounts_have_their_currency_or_percent():
    amounts = ["€1,250.50", "3.400,00 EUR", "CHF 12'000.-", "$84,200", "2,4 Mio. €", "4 %"]
    assert found(facts.amounts(TEXT)) == amounts


def test_organisations_are_known_by_how_their_names_end():
    assert found(facts.organisations(TEXT)) == ["Krone Pumpen GmbH", "Apex Roofing Inc.", "Turnverein Blau-Weiß e. V."]


def test_key_facts_are_filled_and_an_extract_is_noted_as_such():
    filled = fill_by_rules(TemplateLibrary().get("KeyFacts").template, TEXT)
    assert filled.values["emails"] == ["anna.smith+news@mail.example.org"]
    assert filled.values["amounts"] == found(facts.amounts(TEXT))
    assert filled.notes == ("The value of facts is an extract: sentences taken from the text as they are.",)
