"""Asking a model for fields until its answer fits: at most once more, with the reason."""

from collections.abc import Callable

from secretary.errors import OutputInvalid
from secretary.language.model.chat import Answer, Chat, Message
from secretary.language.model.json_answers import object_in
from secretary.language.model.prompts import again
from secretary.language.model.questions import Questions, Values


class AnswerInvalid(OutputInvalid):
    """The model's answer does not fit; `raw` is what it said last."""

    def __init__(self, message: str, raw: str) -> None:
        super().__init__(message)
        self.raw = raw


def asked(chat: Chat, questions: Questions, messages: list[Message], warn: Callable[[str], None]) -> Values:
    """The values of an answer that fits. Raises AnswerInvalid, and what `Chat.ask` raises."""
    answer = chat.ask(messages, questions.schema)
    problems = _problems(questions, answer)
    if problems:
        answer = chat.ask(again(messages, answer.text, problems), questions.schema)
        problems = _problems(questions, answer)
    if problems:
        sentence = (
            f"The language model did not answer as it was asked, also when it was told why: {'; '.join(problems)}."
        )
        raise AnswerInvalid(sentence, answer.text)
    fitting = object_in(answer.text) or {}
    if strangers := questions.strangers(fitting):
        warn(f"The language model answered keys that nobody asked for; they were left out: {', '.join(strangers)}.")
    return questions.values(fitting)


def _problems(questions: Questions, answer: Answer) -> list[str]:
    if answer.is_cut:
        # Asked again, it would be cut again.
        sentence = (
            "The language model's answer was cut off at its longest; the operator of this server raises "
            "SECRETARY_LLM_MAX_TOKENS, or the template asks for less."
        )
        raise AnswerInvalid(sentence, answer.text)
    found = object_in(answer.text)
    return ["it is no JSON object"] if found is None else questions.problems(found)
