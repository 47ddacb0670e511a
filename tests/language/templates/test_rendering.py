"""Writing templates out: front matter stays valid YAML whatever the values are, lists in the body are Markdown lists."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.language.filled import Value
from secretary.language.templates import parse_template, render, render_system_prompt


def written(template: str, values: dict[str, Value], variables: dict[str, Value] | None = None, text: str = "") -> str:
    return render(parse_template(template, name="T"), values, variables, text)


def front_matter(entries: str, value: Value) -> str:
    return written(f"---\n{entries}\n---\n", {"x": value}).removeprefix("---\n").removesuffix("---\n")


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        ("Plain words, also: no", 'key: "Plain words, also: no"'),
        ("Plain words", "key: Plain words"),
        ("Straße №5 größer", "key: Straße №5 größer"),
        ("2024-05-17", "key: 2024-05-17"),
        ("2024-13-17", 'key: "2024-13-17"'),
        ("14:30", 'key: "14:30"'),
        ("3 people came", "key: 3 people came"),
        ("007", 'key: "007"'),
        ("yes", 'key: "yes"'),
        ("- no list", 'key: "- no list"'),
        ("one\ntwo", 'key: "one\\ntwo"'),
        ('say "hi"', 'key: say "hi"'),
        ('"hi"', 'key: "\\"hi\\""'),
        ("#1", 'key: "#1"'),
        (5, "key: 5"),
        (2.5, "key: 2.5"),
        (True, "key: true"),
        (None, "key: "),
        (["a", "b: c"], 'key: ["a", "b: c"]'),
        ({"ä": [1, None]}, 'key: {"ä": [1, null]}'),
    ],
)
def test_a_value_in_front_matter_is_as_plain_as_yaml_permits(value: Value, entry: str):
    assert front_matter("key: {{x|?}}", value) == entry + "\n"


SHAPES = [
    ("key: {{x|?}}", lambda loaded: loaded["key"]),
    ("key:{{x|?}}", lambda loaded: loaded["key"]),
    ("key: {{x|?}}  # remark", lambda loaded: loaded["key"]),
    ("list:\n  - {{x|?}}\n  - b", lambda loaded: loaded["list"][0]),
    ("deep:\n  key: {{x|?}}", lambda loaded: loaded["deep"]["key"]),
    ("list: [{{x|?}}, b]", lambda loaded: loaded["list"][0]),
    ("list: [\n  a,\n  {{x|?}},\n]", lambda loaded: loaded["list"][1]),
    ("map: { a: {{x|?}}, b: 1 }", lambda loaded: loaded["map"]["a"]),
    ('key: "{{x|?}}"', lambda loaded: loaded["key"]),
    ("key: '{{x|?}}'", lambda loaded: loaded["key"]),
    ('"a: b": {{x|?}}', lambda loaded: loaded["a: b"]),
]
JSON_VALUE = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(SHAPES[:8]),
    st.lists(JSON_VALUE, max_size=3) | st.dictionaries(st.text(max_size=9), JSON_VALUE, max_size=3),
)
def test_lists_and_objects_are_json_that_yaml_reads_as_the_same(shape, value):
    entries, loaded = shape
    entry = front_matter(entries, value)
    assert json.dumps(value, ensure_ascii=True) == json.dumps(loaded(yaml.safe_load(entry)), ensure_ascii=True)


@given(st.sampled_from([*SHAPES[:8], SHAPES[10]]), st.text(min_size=1))
@example(SHAPES[0], "a: b")
@example(SHAPES[0], "=")
@example(SHAPES[0], "2001-12-14 21:59:43 Zz")
@example(SHAPES[5], "a]b")
@example(SHAPES[0], "\x85\u2028\ufeff\x07")
@example(SHAPES[0], "0o7")
@example(SHAPES[0], "...")
def test_any_text_in_front_matter_is_read_as_that_text(shape, value: str):
    entries, loaded = shape
    found = loaded(yaml.safe_load(front_matter(entries, value)))
    assert (found.isoformat() if hasattr(found, "isoformat") else found) == value


@given(st.text())
def test_any_text_between_double_quotes_is_read_as_that_text(value: str):
    assert yaml.safe_load(front_matter('key: "<{{x|?}}>"', value))["key"] == f"<{value}>"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from("' \n:#-")))
@example("\n\n")
@example("a\n\n\nb")
def test_text_between_single_quotes_keeps_its_lines_and_loses_no_more_than_blanks_beside_them(value: str):
    found = yaml.safe_load(front_matter("key: '<{{x|?}}>'\nnext: 1", value))
    assert found["next"] == 1
    assert found["key"].split() == f"<{value}>".split()
    assert found["key"].count("\n") == value.count("\n")


@given(st.text(), st.text())
@example("a: b", "c # d")
@example("", "")
@example("- ", "\n")
def test_values_among_other_words_cannot_leave_their_entry(first: str, second: str):
    entry = written("---\nkey: From {{x|?}} to {{y|?}}  # end\nnext: [on {{x}}, b]\n---\n", {"x": first, "y": second})
    found = yaml.safe_load(entry.removeprefix("---\n").removesuffix("---\n"))
    assert list(found) == ["key", "next"]
    assert found["key"].strip() == f"From {first} to {second}".strip()
    assert found["next"] in ([f"on {first}", "b"], [f"on {first}".strip(), "b"])


@given(st.text())
@example(" a\n  b\n\nc: d\n---\n")
def test_a_text_below_a_bar_keeps_its_lines_inside_the_entry(value: str):
    found = yaml.safe_load(front_matter("key: |\n  Before\n  {{x|?}}\n  after\nnext: 1", value))
    assert list(found) == ["key", "next"]
    assert found["key"].startswith("Before\n")
    assert found["key"].endswith("after\n")
    if value.isprintable() and value.isascii():
        assert found["key"] == f"Before\n{value.strip()}\nafter\n"


@given(st.text())
def test_a_value_in_a_remark_stays_a_remark(value: str):
    assert yaml.safe_load(front_matter("a: 1\n# {{x|?}}\nb: 2", value)) == {"a": 1, "b": 2}


def test_a_list_alone_on_its_line_is_a_markdown_list():
    assert written("## Who\n\n{{x|?}}\n\nEnd", {"x": ["Ann", "Bob\nB."]}) == "## Who\n\n- Ann\n- Bob\n  B.\n\nEnd"


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("- {{x|?}}\n- c", ["a", "b"], "- a\n- b\n- c"),
        ("  1. {{x|?}}\n", ["a", "b"], "  1. a\n  2. b\n"),
        ("- [ ] {{x|?}}", ["a", "b"], "- [ ] a\n- [ ] b"),
        ("> {{x|?}}", ["a", "b"], "> - a\n> - b"),
        ("> {{x|?}}", "a\nb", "> a\n> b"),
        ("- Who: {{x|?}}\n- c", ["a", "b"], "- Who: \n  - a\n  - b\n- c"),
        ("**Who:** {{x|?}}\nNext", ["a", "b"], "**Who:** \n\n- a\n- b\n\nNext"),
        ("**Who:** {{x|?}}\n\nNext", ["a", "b"], "**Who:** \n\n- a\n- b\n\nNext"),
        ("With {{x|?}} there.", ["a", "b"], "With a, b there."),
        ("# {{x|?}}", ["a", "b"], "# a, b"),
        ("# {{x|?}}", 'Say "a"\nb', '# Say "a" b'),
        ("| {{x|?}} | c |", ["a|b", "d\ne"], "| a\\|b, d<br>e | c |"),
        ("{{x|?}}", {"task": "Write", "who": ["Ann", "Bob"]}, "- task: Write\n- who:\n  - Ann\n  - Bob"),
        ("{{x|?}}", [{"task": "Write", "who": "Ann"}, "b"], "- task: Write; who: Ann\n- b"),
        ("{{x|?}}", [["a"], []], "-\n  - a\n-"),
        ("a{{x|?}}b", None, "ab"),
        ("{{x|?}}\n", [], "\n"),
        ("{{x|?}}", True, "true"),
    ],
)
def test_values_in_the_body_are_written_as_their_line_wants_them(template: str, value: Value, expected: str):
    assert written(template, {"x": value}) == expected


def test_what_a_value_says_is_not_read_as_a_template():
    assert written("{{x|?}} {{y}} {{text}}", {"x": "{{y}}"}, {"y": "{{text}}"}, "{{x}}") == "{{y}} {{text}} {{x}}"


def test_a_name_is_a_field_first_and_text_is_the_input():
    assert written("{{x|?}}{{x}}{{y}}{{text}}", {"x": "f"}, {"x": "v", "y": "w", "text": "no"}, "in") == "ffwin"


def test_a_long_input_is_written_as_it_is():
    text = "line with {{braces}}\n" * 10_000
    assert written("A\n\n{{text}}\n\nB", {}, text=text) == f"A\n\n{text}\n\nB"


def test_halves_of_characters_do_not_spoil_the_file():
    assert written("{{x|?}}", {"x": "a\ud800b"}).encode() == "a\ufffdb".encode()


def test_the_system_prompt_gets_the_language_and_the_variables_that_are_given():
    template = parse_template(
        "\n--- systemprompt\n\nWrite {target_language} on {{topic}}, not {{other}}, from {{text}}. {x}\n", name="T"
    )
    prompt = render_system_prompt(template, {"topic": "{{other}}"}, target_language="German")
    assert prompt == "Write German on {{other}}, not {{other}}, from {{text}}. {x}"
    assert render_system_prompt(parse_template("a", name="T"), {}, target_language="German") is None
