"""Whether a field asks for a list: by what its question says, otherwise by whether its name is a plural."""

import re
from typing import Final

_SAYS_LIST: Final = re.compile(
    r"\b(?:lists?|listen?|auflist\w*|enumerate|array|bullets?|bullet ?points?|stichpunkte?n?|aufzählung|one per (?:line|entry|item|row)"
    r"|(?:je|pro) (?:zeile|eintrag)|keywords?|tags|stichw\w+|schlagw\w+)\b",
    re.IGNORECASE,
)
_ASKS_SEVERAL: Final = re.compile(
    r"\s*(?:welche [^.?!\n]{1,60} (?:wurden|waren|sind)|which (?:[a-z]+ ){0,3}[a-z]+s (?:were|are|have been))\b",
    re.IGNORECASE,
)
_SAYS_ONE: Final = re.compile(
    r"\b(?:how many|how much|number of|count of|wie ?viele?|anzahl|summari[sz]e|summary|zusammenfass\w*"
    r"|(?:in|one|two|three|zwei|drei) (?:\w+ )?(?:sentences?|paragraphs?|sätzen?|satz|absatz|absätzen?))\b",
    re.IGNORECASE,
)
_ENGLISH_PLURAL: Final = re.compile(r"[a-z]{2,}[a-hj-rtv-z]s")
_NO_PLURAL: Final = frozenset({"news", "always"})
_GERMAN_PLURALS: Final = """
teilnehmer teilnehmende teilnehmenden teilnehmerinnen anwesende anwesenden abwesende abwesenden gäste personen namen beschlüsse
entscheidungen aufgaben maßnahmen themen tagesordnungspunkte punkte fragen ergebnisse risiken termine orte organisationen
beträge tatsachen kernaussagen empfehlungen folien redner referenten sprecher
"""
_WITHOUT_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PLURALS: Final = frozenset(_GERMAN_PLURALS.translate(_WITHOUT_UMLAUTS).split())
_WORDS: Final = re.compile(r"[^\W\d_]+")


def asks_for_list(name: str, question: str) -> bool:
    """Whether the answer is a list of texts rather than one text."""
    if _SAYS_LIST.search(question):
        return True
    if _SAYS_ONE.search(question):
        return False
    if _ASKS_SEVERAL.match(question):
        return True
    words = _WORDS.findall(name.lower())
    last = words[-1] if words else ""
    return last.translate(_WITHOUT_UMLAUTS) in _PLURALS or (
        last not in _NO_PLURAL and _ENGLISH_PLURAL.fullmatch(last) is not None
    )
