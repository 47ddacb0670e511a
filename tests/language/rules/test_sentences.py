"""Where sentences end, and where a dot ends only an abbreviation or the number of a day."""

import pytest

from secretary.language.rules.sentences import sentences_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Am 3. März 2024 beschloss der Rat den Bau. Er kostet 2,5 Mio. Euro.",
            ["Am 3. März 2024 beschloss der Rat den Bau.", "Er kostet 2,5 Mio. Euro."],
        ),
        (
            "Seit 1. Januar 2020 gilt das. Frist: 31. Dezember.",
            ["Seit 1. Januar 2020 gilt das.", "Frist: 31. Dezember."],
        ),
        ("Sie wurde 1. Vorsitzende. Er wurde Kassierer.", ["Sie wurde 1. Vorsitzende.", "Er wurde Kassierer."]),
        ("Anwesend waren 12. Sie stimmten zu.", ["Anwesend waren 12.", "Sie stimmten zu."]),
        ("It costs £12. March is over.", ["It costs £12.", "March is over."]),
    ],
)
def test_the_dot_of_an_ordinal_number_ends_no_sentence(text: str, expected: list[str]):
    assert [text[span.start : span.end] for span in sentences_in(text, 0, len(text))] == expected
