"""What minutes say in running sentences, labels behind a sentence, and rows that only name columns."""

import pytest

from secretary.language.rules import fill_by_rules
from secretary.language.templates import parse_template

TEMPLATE = parse_template(
    "{{participants|Who took part? As a list.}}\n{{absent|Who was absent? As a list.}}\n"
    "{{decisions|Which decisions were taken?}}\n{{tasks|Which tasks? As a list.}}\n",
    name="Own",
)
HEAD = "# Protokoll\n\n**Teilnehmer:**\n- Karin Vogel\n- Jens Falk\n\n## Aufgaben\n\n"


def values(text: str, field: str) -> object:
    found = fill_by_rules(TEMPLATE, text).values[field]
    assert all(each in text for each in found or ())
    return found


@pytest.mark.parametrize(
    "head", ["| Wer | Was | Bis wann |", "| Who | Deliverable | Due |", "| Wer | Was |", "| Wer | Bemerkung | Frist |"]
)
def test_a_column_head_is_never_a_participant(head: str):
    rule = "|---" * (head.count("|") - 1) + "|"
    row = "| Karin Vogel | Angebot einholen |" + (" 30.06. |" if head.count("|") > 3 else "")
    assert values(f"{HEAD}{head}\n{rule}\n{row}\n", "participants") == ["Karin Vogel", "Jens Falk"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On the call were Dana Whitfield, Rob Castellano, Mei-Ling Zhou and Farid Aziz. Sven was on holiday.",
            ["Dana Whitfield", "Rob Castellano", "Mei-Ling Zhou", "Farid Aziz"],
        ),
        ("In the meeting room were Ola Berg and Tim Roe; Pia Lund was ill.", ["Ola Berg", "Tim Roe"]),
        (
            (
                "An der Besprechung am Montag, den 3. Juni 2024, nahmen Karin Vogel, Matthias Ebner und Luisa Hartwig teil; "
                "Jens Falk fehlte entschuldigt."
            ),
            ["Karin Vogel", "Matthias Ebner", "Luisa Hartwig"],
        ),
        ("Present were: Smith, Anna; Jones, Bob.", ["Smith, Anna", "Jones, Bob"]),
    ],
)
def test_people_told_of_in_a_sentence_are_found(text: str, expected: list[str]):
    assert values(text, "participants") == expected


def test_a_label_right_behind_a_sentence_counts():
    text = "Der Umzug findet am 10.11. statt. Beschluss: Der Elternbeirat übernimmt die Kosten bis 250 Euro."
    assert values(text, "decisions") == ["Der Elternbeirat übernimmt die Kosten bis 250 Euro."]


def test_somebody_who_was_there_and_clarifies_something_has_a_task():
    task = "Matthias Ebner klärt mit dem Installateur die Kosten für eine Wärmepumpe."
    assert values(f"Teilnehmer: Karin Vogel, Matthias Ebner\n\n{task}", "tasks") == [task]


@pytest.mark.parametrize(
    ("name", "question", "many"),
    [
        ("Ergebnis", "Welche Beschlüsse wurden gefasst?", True),
        ("outcome", "Which formal decisions were taken?", True),
        ("Ergebnis", "Welche Firma war beteiligt?", False),
        ("outcome", "Which decision was taken?", False),
    ],
)
def test_a_question_for_several_asks_for_a_list(name: str, question: str, many: bool):
    template = parse_template(f"{{{{{name}|{question}}}}}", name="Own")
    assert [field.many for field in template.fields] == [many]
