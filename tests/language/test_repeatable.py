"""Which filled templates may be given to an equal job."""

import pytest

from secretary.results import ModelUsage, TemplateFilling


@pytest.mark.parametrize(
    ("generated", "temperature", "repeatable"),
    [(False, None, True), (True, 0.0, True), (True, 0.7, False), (True, None, False)],
)
def test_only_extracts_and_answers_at_temperature_0_are_repeatable(
    generated: bool, temperature: float | None, repeatable: bool
) -> None:
    usage = ModelUsage(requests=1, seconds=0.1, temperature=temperature) if generated else None
    filling = TemplateFilling(template="T", provider="llm", generated=generated, usage=usage, characters=1)
    assert filling.repeatable is repeatable
