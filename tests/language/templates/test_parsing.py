"""Reading templates: every part as written, fields and variables by name, errors by line and column."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.errors import ErrorCode, TemplateError
from secretary.language.templates import FieldPlace, Template, parse_template, render

WHOLE = """---
# kept as it is
type:   meeting
title: {{title|What is the meeting's title?}}
tags:
  - a
---

# {{title}}

{{participants|Who took part?
Names only.}}

From {{source_url}}: {{text}}

--- systemprompt
You write {target_language}.
"""


def test_a_template_has_front_matter_a_body_and_a_system_prompt():
    template = parse_template(WHOLE, name="Whole")
    assert [(field.name, field.question, field.place, field.line, field.column) for field in template.fields] == [
        ("title", "What is the meeting's title?", FieldPlace.FRONT_MATTER, 4, 8),
        ("participants", "Who took part?\nNames only.", FieldPlace.BODY, 11, 1),
    ]
    assert template.variables == ("source_url", "text")
    assert template.wants_text
    assert template.system_prompt == "You write {target_language}."
    assert template.body == WHOLE.partition("---\n\n")[2].partition("--- systemprompt")[0].join(["\n", ""])
    assert template.notes == ()


def test_front_matter_entries_are_as_written_with_the_lines_that_belong_to_them():
    entries = parse_template(WHOLE, name="Whole").front_matter
    assert [(entry.key, entry.text, entry.line, entry.is_static) for entry in entries] == [
        (None, "# kept as it is\n", 2, True),
        ("type", "type:   meeting\n", 3, True),
        ("title", "title: {{title|What is the meeting's title?}}\n", 4, False),
        ("tags", "tags:\n  - a\n", 5, True),
    ]


@pytest.mark.parametrize(
    ("written", "name", "question"),
    [
        ("{{ name | question }}", "name", "question"),
        ("{{name|a | b || c}}", "name", "a | b || c"),
        ("{{größe|Wie groß ist's?}}", "größe", "Wie groß ist's?"),
        ("{{meeting date|When?}}", "meeting date", "When?"),
        ("{{a.b-c_1|When?}}", "a.b-c_1", "When?"),
        ("{{\n name\n|\n When,\r\n and where?\n}}", "name", "When,\n and where?"),
        ("{{name|}}", "name", "name"),
        ('{{name|Answer like {"a": {"b": 1}}}}', "name", 'Answer like {"a": {"b": 1}}'),
        ("{{name|One } or { two}}", "name", "One } or { two"),
        ("{{name|One { two}}", "name", "One { two"),
    ],
)
def test_a_field_may_be_written_in_many_ways(written: str, name: str, question: str):
    (field,) = parse_template(f"before {written} after", name="T").fields
    assert (field.name, field.question) == (name, question)
    assert render(parse_template(f"before {written} after", name="T"), {name: "X"}) == "before X after"


@pytest.mark.parametrize(
    "line", ["--- systemprompt", "---systemprompt", "---  SystemPrompt  ", "--- system prompt:", "--- system_prompt"]
)
def test_the_line_before_the_system_prompt_may_be_spaced_in_many_ways(line: str):
    template = parse_template(f"Body\n{line}\nBe brief.\n", name="T")
    assert (template.body, template.system_prompt) == ("Body\n", "Be brief.")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing_but_the_line_ends():
    unix, windows = parse_template(WHOLE, name="T"), parse_template("\ufeff" + WHOLE.replace("\n", "\r\n"), name="T")
    assert windows.fields == unix.fields
    assert windows.variables == unix.variables
    assert windows.system_prompt == unix.system_prompt
    assert [entry.key for entry in windows.front_matter] == [entry.key for entry in unix.front_matter]
    values = {"title": "T", "participants": ["A", "B"]}
    rendered = render(windows, values, {"source_url": "u"}, "one")
    assert rendered == render(unix, values, {"source_url": "u"}, "one").replace("\n", "\r\n")


def test_a_field_written_twice_is_one_field_and_keeps_both_questions():
    template = parse_template("{{a|One?}} {{a|One?}} {{b|Two?}} {{b|Two, really?}} {{a}}", name="T")
    assert [(field.name, field.question) for field in template.fields] == [("a", "One?"), ("b", "Two?\nTwo, really?")]
    assert template.notes == (
        'The field "b" is asked for with 2 different questions; one answer is asked for that suits all.',
    )
    assert template.variables == ()


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("a\nbc {{date|When?\n", 2, 4, '"date" is not closed; write }} at its end.'),
        ("{{date|When?\n{{b|c}}", 1, 1, '"date" is not closed before the next {{; write }} at its end.'),
        ("x\n---\n{{", 3, 1, "what begins here is not closed; write }} at its end."),
        ("ä€𝄞 {{}}", 1, 5, "a name is missing after {{;"),
        ("\r\n  {{ |Question}}", 2, 3, "a name is missing after {{;"),
        ("{{#each items}}", 1, 1, '"#each items" cannot be a name;'),
        ('{{"open', 1, 1, 'the quoted text that begins here is not closed; end it with "}}.'),
        ("---\ntitle: x\n\nBody", 1, 1, "the front matter that begins here is not closed; end it with a line ---."),
        ("{{date|When?\n--- systemprompt\nJSON: {{}}", 1, 1, '"date" is not closed; write }} at its end.'),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(text: str, line: int, column: int, sentence: str):
    with pytest.raises(TemplateError) as refusal:
        parse_template(text, name="Mine")
    assert refusal.value.message.startswith(f'Template "Mine", line {line}, column {column}: {sentence}')
    assert refusal.value.details == {"template": "Mine", "line": line, "column": column}
    assert refusal.value.code is ErrorCode.TEMPLATE_ERROR


def test_a_first_rule_that_opens_no_front_matter_is_part_of_the_body():
    assert parse_template("---\n\nText", name="T").front_matter == ()
    assert render(parse_template("---\n\nText", name="T"), {}) == "---\n\nText"


def test_braces_themselves_can_be_written():
    template = parse_template('Write {{"{{name|question}}"}} and {a} and }} and {{{b}}}.', name="T")
    assert template.variables == ("b",)
    assert render(template, {}, {"b": 1}) == "Write {{name|question}} and {a} and }} and {1}."


def test_a_system_prompt_takes_everything_but_known_names_as_written():
    template = parse_template("{{x|y}}\n--- systemprompt\nFill {{name|question}}, {{ {{}} and {{topic}}.", name="T")
    assert [field.name for field in template.fields] == ["x"]
    assert template.variables == ("topic",)
    assert template.system_prompt == "Fill {{name|question}}, {{ {{}} and {{topic}}."


def test_a_rule_inside_a_question_of_the_front_matter_does_not_end_it():
    template = parse_template("---\na: {{a|One\n---\ntwo?}}\nb: 1\n---\nBody", name="T")
    assert template.fields[0].question == "One\n---\ntwo?"
    assert template.body == "Body"


WORDS = "{{ }} { } | \" ' --- # > [ ] a ü : - text key: {{a|b}} {{a}} {{text}} systemprompt"
MARKUP = st.sampled_from([*WORDS.split(), "\n", "\r\n", "\r", " "])
SOUP = st.lists(MARKUP | st.text(max_size=3), max_size=40).map("".join)


def read(text: str) -> Template | TemplateError:
    try:
        return parse_template(text, name="T")
    except TemplateError as error:
        return error


@given(SOUP)
@example("---\n---\n")
@example("---\n--- systemprompt\n")
def test_any_text_is_a_template_or_has_an_error_with_a_place_in_it(text: str):
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    template = read(text)
    if isinstance(template, TemplateError):
        assert 1 <= template.details["line"] <= len(lines)
        assert 1 <= template.details["column"] <= len(lines[template.details["line"] - 1]) + 1
        return
    render(template, {field.name: ["x", {"y": 1}] for field in template.fields}, {"a": "b\nc"}, "in")
    for field in template.fields:
        assert lines[field.line - 1][field.column - 1 :].startswith("{{")


@given(st.text().filter(lambda text: "{{" not in text and "systemprompt" not in text.lower()))
@example("---\ntitle: 'x\ntags: [a\n---\n# Body\r\n")
def test_what_is_static_stays_as_it_is_written(text: str):
    template = read(text)
    if isinstance(template, TemplateError):
        assert "front matter" in template.message
        return
    as_written = re.sub(r"\r(?!\n)", "\n", text.removeprefix("\ufeff"))
    entries = "".join(entry.text for entry in template.front_matter)
    assert template.opening + entries + template.closing + template.body == as_written
    assert render(template, {}) == as_written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize(
    "hostile", ["{{", "{{a|", "{" * 5, "}}", "{{a|{", '{{"', "---\n", "- {{a}}", "[{{a}}", "key: {{a}}: "]
)
@pytest.mark.parametrize("opening", ["", "---\nkey: "])
def test_a_long_hostile_template_is_read_in_one_pass(hostile: str, opening: str):
    # What needed the square of this length would run for hours.
    template = read(opening + hostile * (200_000 // len(hostile)))
    if isinstance(template, Template):
        render(template, {"a": "x"}, {"a": ["x", "y"]})
