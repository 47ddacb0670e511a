"""What a field asks for, by its name and its question in both languages."""

import pytest

from secretary.language.rules import fill_by_rules
from secretary.language.rules.concepts import Concept
from secretary.language.rules.wanted import wanted
from secretary.language.templates import parse_template


def concept(name: str, question: str) -> Concept | None:
    (field,) = parse_template(f"{{{{{name}|{question}}}}}", name="T").fields
    return wanted(field).concept


@pytest.mark.parametrize(
    ("name", "question", "expected"),
    [
        ("participants", "List them", Concept.PARTICIPANTS),
        ("Teilnehmer", "Wer?", Concept.PARTICIPANTS),
        ("teilnehmerInnen", "Wer?", Concept.PARTICIPANTS),
        ("who", "Who took part in the meeting?", Concept.PARTICIPANTS),
        ("x", "Wer nahm an der Sitzung teil?", Concept.PARTICIPANTS),
        ("names", "List the names of the attendees", Concept.PARTICIPANTS),
        ("x", "Wer hat gefehlt?", Concept.ABSENT),
        ("datum", "Wann?", Concept.DATE),
        ("x", "When did it take place?", Concept.DATE),
        ("date", "When is the next meeting?", Concept.NEXT_MEETING),
        ("start_time", "?", Concept.START),
        ("Uhrzeit", "?", Concept.TIME),
        ("beschluesse", "Was wurde beschlossen?", Concept.DECISIONS),
        ("actionItems", "?", Concept.ACTIONS),
        ("nächste-schritte", "?", Concept.ACTIONS),
        ("x", "What was decided?", Concept.DECISIONS),
        ("moderation", "Wer hat moderiert?", Concept.CHAIR),
        ("x", "Fasse den Text in drei Sätzen zusammen", Concept.SUMMARY),
        ("participants", "How many people took part?", None),
        ("date", "What is the invoice date?", None),
        ("colour", "Which colour is the car?", None),
    ],
)
def test_a_field_is_known_by_its_name_and_its_question(name: str, question: str, expected: Concept | None):
    assert concept(name, question) is expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project_number|Which number?", "4711-B"),
        ("projectNumber|Which number?", "4711-B"),
        ("Kostenstelle|Welche?", "Süd 12"),
        ("colour|Which colour?", None),
        ("background|What is the background?", "The bridge is old."),
    ],
)
def test_a_field_nobody_foresaw_is_filled_by_a_label_or_heading_of_its_own_words(field: str, value: str | None):
    text = "Project number: 4711-B\n**Kostenstelle:** Süd 12\n\n## Background\n\nThe bridge is old.\n"
    filled = fill_by_rules(parse_template(f"{{{{{field}}}}}", name="T"), text)
    assert next(iter(filled.values.values())) == value


def test_a_field_that_wants_one_value_gets_a_whole_stretch_and_one_that_wants_a_list_gets_its_parts():
    template = parse_template("{{attendance|Who was present?}} {{names|List who was present}}", name="T")
    filled = fill_by_rules(template, "Present: Ann Lee, Bob Ray (chair), Cy Fox\n")
    assert filled.values == {
        "attendance": "Ann Lee, Bob Ray (chair), Cy Fox",
        "names": ["Ann Lee", "Bob Ray", "Cy Fox"],
    }
