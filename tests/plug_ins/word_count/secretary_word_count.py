from collections import Counter

from pydantic import Field

from secretary.handlers import Context
from secretary.job_types import JobType
from secretary.parameters import Parameters
from secretary.results import Results


class WordCountParameters(Parameters):
    text: str = Field(min_length=1, description="The text whose words are counted.")
    top: int = Field(3, ge=1, le=100, description="How many of the most frequent words to name.")


class WordCountResults(Results):
    words: int
    frequent: dict[str, int]


def count(parameters: WordCountParameters, context: Context) -> WordCountResults:
    context.report("counting", 50, "Counting words")
    words = parameters.text.lower().split()
    return WordCountResults(words=len(words), frequent=dict(Counter(words).most_common(parameters.top)))


WORD_COUNT = JobType("word-count", "Counts words.", WordCountParameters, WordCountResults, "secretary_word_count:count")
