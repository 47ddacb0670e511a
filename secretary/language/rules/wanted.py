"""What a field asks for: by its name, by its question, in English and German."""

import re
from dataclasses import dataclass
from typing import Final

from secretary.language.rules.concepts import Concept, label_concepts, tokens
from secretary.language.templates import TemplateField

_ASKED: Final = {
    Concept.NEXT_MEETING: r"next (?:meeting|session|call|appointment)|nächste[rsn]? (?:sitzung|termin|treffen"
    r"|besprechung|meeting)"
    r"|folgetermin",
    Concept.ABSENT: r"absent|excused|apolog|missing|not (?:attend|present)|entschuldigt|abwesend|fehlt"
    r"|gefehlt|nicht (?:dabei"
    r"|anwesend)",
    Concept.OPEN_QUESTIONS: r"open (?:questions?|issues?|points?)|unresolved|(?:questions?"
    r"|issues?) .{0,20}open|offene[nrm]? (?:frage"
    r"|punkt)|ungeklärt|offen (?:ge)?blieb",
    Concept.ACTIONS: r"action (?:items?|points?)|to-?dos?\b|\btasks?\b|next steps|follow-?ups?|aufgabe"
    r"|maßnahme|zu erledigen"
    r"|nächste[nr]? schritt|(?:has|have|is|are|needs?) to (?:be done|do)|who does what|wer macht was"
    r"|to be done|zu tun",
    Concept.DECISIONS: r"decision|decided|\bagree|resolution|resolved|beschl(?:uss|üsse|ossen)|entscheidung"
    r"|entschieden|vereinbart",
    Concept.MINUTE_TAKER: r"(?:took|takes|wrote|kept|recorded) (?:the )?(?:minutes|notes)|minute[- ]taker"
    r"|protokoll (?:geführt"
    r"|geschrieben)|(?:führte|schrieb|führt) (?:das )?protokoll|protokollführ|protokollant|schriftführ",
    Concept.CHAIR: r"\bchair|moderat|facilitat|led the|leitete|geleitet|vorsitz|leitung",
    Concept.SPEAKERS: r"speaker|who (?:spoke|presented)|referent|vortragende|redner",
    Concept.PARTICIPANTS: r"participa|attend|took part|(?:was|were) (?:present|there)|teilnehm|teilgenommen"
    r"|nahm(?:en)? .{0,60}teil"
    r"|anwesend|wer war|dabei",
    Concept.EMAILS: r"e-?mail",
    Concept.PHONES: r"(?:tele)?phone|telefon",
    Concept.URLS: r"web ?(?:address|site|adresse|seite)|\burls?\b|\blinks?\b",
    Concept.AMOUNTS: r"amounts?\b|\bcosts?\b|\bprices?\b|percentage|betr[aä]g|kosten|preis|prozent",
    Concept.START: r"(?:when|what time|at what).{0,30}(?:beg[iau]n|start)|(?:wann|uhr).{0,40}(?:begann|beginn"
    r"|fing|start)",
    Concept.END: r"(?:when|what time|at what).{0,30}(?:end|finish|close|adjourn)|(?:wann|uhr).{0,40}(?:endete"
    r"|ende|schluss)",
    Concept.TIME: r"what time|which time|time of day|uhrzeit|wie viel uhr|wie spät",
    Concept.DATES: r"(?:all|every|each|list).{0,20}\bdates?\b|(?:alle|aller|liste).{0,20}(?:daten"
    r"|kalenderdaten|termine)",
    Concept.DATE: r"\bdate\b|what day|which day|\bwhen\b|\bdatum\b|\bwann\b|welche[mnr] tag",
    Concept.PLACE: r"\bwhere\b|\bplaces?\b|location|venue|\bwo\b|\borte?\b|welche[mnr] (?:ort|raum)",
    Concept.KEYWORDS: r"keywords?|\btags\b|stichw|schlagw",
    Concept.TITLE: r"\btitle\b|\btitel\b|überschrift|heading|betreff|subject",
    Concept.KEY_POINTS: r"key (?:points?|messages?|facts?)|main points?|most important|takeaways?|wichtigste"
    r"|kernaussage|hauptpunkte",
    Concept.SUMMARY: r"summar|zusammenfass|fasse .{0,80}zusammen|overview|überblick|in (?:one|two|three|zwei|drei|einem"
    r"|wenigen) .{0,20}(?:sentence|satz|sätze)|what is .{0,40}about|worum geht",
    Concept.TOPICS: r"topics?\b|agenda|themen|tagesordnung",
    Concept.ORGANISATIONS: r"organi[sz]ation|compan(?:y|ies)|unternehmen|firmen",
    Concept.RESULTS: r"results?\b|outcomes?\b|ergebnis",
    Concept.PEOPLE: r"\bpeople\b|\bpersons?\b|\bpersonen\b|\bnames\b|\bnamen\b",
}
_ASKED_PATTERNS: Final = tuple((concept, re.compile(pattern, re.IGNORECASE)) for concept, pattern in _ASKED.items())
_COUNTS: Final = re.compile(r"\b(?:how many|how much|number of|count|wie ?viele?|anzahl)\b(?! uhr)", re.IGNORECASE)
_OTHER_DATE: Final = re.compile(
    r"\b(?:due|deadline|frist|fällig|birth\w*|geb\w+|invoice|rechnung\w*|contract|vertrag\w*|deliver\w*|liefer\w*"
    r"|order|bestell\w*|expir\w*|gültig\w*|payment|zahlung\w*)\b",
    re.IGNORECASE,
)
_CAMEL: Final = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_BREAKS: Final = re.compile(r"[_\-.]+")
_BY_QUESTION_FIRST: Final = frozenset(
    {Concept.PEOPLE, Concept.KEYWORDS, Concept.SENDER, Concept.OTHER, Concept.RESULTS, Concept.OWNER, Concept.TITLE}
)
_PRECISE: Final = (
    Concept.NEXT_MEETING,
    Concept.ABSENT,
    Concept.OPEN_QUESTIONS,
    Concept.ACTIONS,
    Concept.DECISIONS,
    Concept.MINUTE_TAKER,
    Concept.CHAIR,
    Concept.START,
    Concept.END,
    Concept.PARTICIPANTS,
    Concept.DATE,
    Concept.TIME,
    Concept.PLACE,
    Concept.SPEAKERS,
    Concept.DATES,
)
_OF_NAMES: Final = frozenset({Concept.PARTICIPANTS, Concept.PEOPLE})
_LONGEST_QUESTION: Final = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. Without a concept only a label or heading of the field's own words will do."""

    field: TemplateField
    concept: Concept | None
    words: tuple[str, ...]
    """Those of the name."""


def wanted(field: TemplateField) -> Wanted:
    """What this field asks for."""
    name = _BREAKS.sub(" ", field.name)
    name = next(
        (each for each in (name, _CAMEL.sub(" ", name), _with_umlauts(name)) if label_concepts(each)),
        _CAMEL.sub(" ", name),
    )
    return Wanted(field, _concept(name, field.question[:_LONGEST_QUESTION]), tokens(name))


def _with_umlauts(name: str) -> str:
    """`beschluesse` as German spells it where it can."""
    for written, meant in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        name = name.replace(written, meant)
    return name


def _concept(name: str, question: str) -> Concept | None:
    if _COUNTS.search(question):
        return None
    by_name = label_concepts(name) - {Concept.SENDER, Concept.OTHER}
    asked = [concept for concept, pattern in _ASKED_PATTERNS if pattern.search(question)]
    if by_name and not by_name <= _BY_QUESTION_FIRST:
        return _of_name(by_name, asked, question)
    if by_name & _BY_QUESTION_FIRST:
        more = [
            concept
            for concept in asked
            if concept in by_name or concept in (Concept.PARTICIPANTS, Concept.DECISIONS, Concept.ACTIONS)
        ]
        return more[0] if more else next(iter(sorted(by_name)))
    first = asked[0] if asked else None
    return None if first is Concept.DATE and _OTHER_DATE.search(f"{name} {question}") else first


def _of_name(by_name: frozenset[Concept], asked: list[Concept], question: str) -> Concept | None:
    """The concept that the name stands for; of several the one that the question speaks of, too."""
    if Concept.DATE in by_name and Concept.NEXT_MEETING in asked:
        return Concept.NEXT_MEETING
    if by_name == {Concept.DATE} and _OTHER_DATE.search(question):
        return None
    both = [concept for concept in asked if concept in by_name]
    if both:
        return both[0]
    return next((concept for concept in _PRECISE if concept in by_name), next(iter(sorted(by_name))))
