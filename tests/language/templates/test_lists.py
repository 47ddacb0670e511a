"""Whether a field asks for a list."""

import pytest

from secretary.language.templates.lists import asks_for_list


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("who", "List everybody who took part"),
        ("participants", "Who took part?"),
        ("action_items", "What is to be done, and by whom?"),
        ("Teilnehmer", "Wer nahm teil?"),
        ("beschlüsse", "Was wurde beschlossen?"),
        ("x", "Nenne die Themen, eines je Zeile"),
        ("decisions", "List every decision, one sentence per entry."),
        ("nextSteps", "What comes next?"),
    ],
)
def test_a_field_for_many_things(name: str, question: str):
    assert asks_for_list(name, question)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("date", "When was it?"),
        ("status", "How does it stand?"),
        ("address", "Where?"),
        ("participants", "How many took part?"),
        ("results", "Summarise the results in two sentences."),
        ("ergebnisse", "Fasse die Ergebnisse in drei Sätzen zusammen."),
        ("news", "What is new?"),
        ("title", "What is the title?"),
        ("basis", "On what basis?"),
    ],
)
def test_a_field_for_one_thing(name: str, question: str):
    assert not asks_for_list(name, question)
