"""What minutes and notes speak of, and the words by which English and German texts, fields and questions name it."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Concept(StrEnum):
    """Something a field can ask for and a text can label."""

    TITLE = "title"
    DATE = "date"
    TIME = "time"
    START = "start"
    END = "end"
    PLACE = "place"
    PARTICIPANTS = "participants"
    ABSENT = "absent"
    CHAIR = "chair"
    MINUTE_TAKER = "minute_taker"
    SPEAKERS = "speakers"
    TOPICS = "topics"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    OPEN_QUESTIONS = "open_questions"
    NEXT_MEETING = "next_meeting"
    SUMMARY = "summary"
    KEY_POINTS = "key_points"
    RESULTS = "results"
    KEYWORDS = "keywords"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    EMAILS = "emails"
    URLS = "urls"
    PHONES = "phones"
    AMOUNTS = "amounts"
    DATES = "dates"
    OWNER = "owner"
    DUE = "due"
    SENDER = "sender"
    OTHER = "other"
    """A label of minutes that no extractor is for; it ends what stands above it."""


_TERMS: Final = {
    Concept.TITLE: "title|subject|re|betreff|titel|thema|anlass|gegenstand|topic|bezeichnung",
    Concept.DATE: "date|datum|day|tag|held on|sitzungsdatum|besprechungsdatum|sitzungstag|sitzungstermin"
    "|termin|wann|when|sent|gesendet|datum uhrzeit",
    Concept.TIME: "time|uhrzeit|zeit|dauer|duration|zeitraum|wann|when|sitzungsdauer|uhrzeiten|hours",
    Concept.START: "start|begin|beginn|start time|starttime|started|anfang|sitzungsbeginn|called to order"
    "|startzeit|beginnt|call to order|opening|eröffnung",
    Concept.END: "end|ende|end time|endtime|ended|schluss|sitzungsende|adjourned|endzeit|adjournment|closing|closed",
    Concept.PLACE: "place|places|orte|locations|location|venue|room|where|ort|raum|sitzungsort"
    "|besprechungsort|veranstaltungsort|tagungsort|wo|sitzungsraum"
    "|besprechungsraum|konferenzraum|meeting room|medium",
    Concept.PARTICIPANTS: "participants|participant|attendees|attendee|present|attending|attendance"
    "|in attendance|those present|attended"
    "|anwesend|anwesende|anwesenden|anwesenheit|anwesenheitsliste|teilnehmer|teilnehmerin|teilnehmerinnen"
    "|teilnehmende|teilnehmenden|teilnehmerkreis"
    "|teilnehmerliste|teilnahme|teilgenommen haben|teilgenommen|es nahmen teil|nahmen teil|dabei|mit dabei"
    "|also present|guests|guest|gäste|gast"
    "|members present|ebenfalls anwesend|zugeschaltet|dialled in|dialed in|joined|roll call|who|wer|tn"
    "|on the call|es waren da|waren da|da waren|anwesend waren|in the room|in the meeting|on call",
    Concept.ABSENT: "absent|absentees|absence|apologies|apologies for absence|excused|regrets|not present"
    "|not attending|missing|entschuldigt|entschuldigte"
    "|abwesend|abwesende|abwesenden|fehlend|fehlende|es fehlen|es fehlten|es fehlte|es fehlt|gefehlt|gefehlt hat"
    "|gefehlt haben|nicht anwesend|unentschuldigt"
    "|verhindert|absent with apologies"
    "|entschuldigt fehlend|apologies received|nicht dabei|away|on leave",
    Concept.CHAIR: "chair|chaired|chairperson|chairman|chairwoman|chaired by|moderator|moderatorin|moderation"
    "|moderated by|facilitator|facilitation|host|leitung|leiter|leiterin"
    "|sitzungsleitung|vorsitz|vorsitzende|vorsitzender|versammlungsleitung|versammlungsleiter"
    "|versammlungsleiterin|gesprächsleitung|besprechungsleitung"
    "|moderiert von|led by|geleitet von|gesprächsführung|organizer|organiser|diskussionsleitung|meeting lead|presiding",
    Concept.MINUTE_TAKER: "minutes|minutes by|minute taker|minutes taker|minutes taken by|minute-taker"
    "|note taker|notetaker|note-taker|notes by|notes taken by|scribe|recorder"
    "|recorded by|taken by|minuted by|protokoll|protokollführung|protokollführer|protokollführerin|protokollant"
    "|protokollantin|protokollierende|schriftführer|schriftführerin"
    "|schriftführung|protokolliert von|protokoll von|protokollierung|recording secretary|aufgezeichnet von"
    "|mitschrift|prepared by|erstellt von|verfasser|verfasserin|verfasst von",
    Concept.SPEAKERS: "speaker|speakers|referent|referentin|referenten|referentinnen|vortragende|vortragender"
    "|redner|rednerin|panelists|panellists|presenter|presenters|presented by",
    Concept.TOPICS: "agenda|topics|besprochene punkte|points discussed|diskutierte themen|diskutierte punkte"
    "|inhalte|agenda items|items discussed|topics discussed|tagesordnung|themen"
    "|tagesordnungspunkte|tops|besprochene themen|besprechungspunkte|agendapunkte",
    Concept.DECISIONS: "decision|decisions|decided|agreed|agreements|agreement|resolution|resolutions"
    "|resolved|motion carried|motions carried|approved|key decisions"
    "|beschluss|beschlüsse|beschlossen|beschlussfassung|entscheidung|entscheidungen|entschieden|festlegung"
    "|festlegungen|festgelegt|vereinbarung|vereinbarungen|vereinbart"
    "|getroffene entscheidungen|what we decided|we decided|entschlossen|beschlußfassung|decision made"
    "|decisions made|decision taken|decisions taken"
    "|decisions reached|what was decided|was wir beschlossen haben|was beschlossen wurde|einigung",
    Concept.ACTIONS: "action|actions|action item|action items|action point|action points|action list"
    "|actions arising|actions agreed|todo|to do|to-do|todos|to-dos|to dos|task|tasks|tasks assigned"
    "|next steps|next step|follow up|follow-up|follow ups|follow-ups|assignments|assignment|action required"
    "|aufgabe|aufgaben|aufgabenliste|aufgabenverteilung|maßnahme|maßnahmen"
    "|massnahme|massnahmen|maßnahmenplan|nächste schritte|nächsten schritte|nächster schritt|weiteres vorgehen"
    "|arbeitsauftrag"
    "|arbeitsaufträge|auftrag|aufträge|arbeitspaket|arbeitspakete|pendenzen|pendenz"
    "|zu erledigen|erledigungen|wer macht was|who does what|handlungsbedarf|offene aufgaben|to-do-liste"
    "|todo-liste|aktionspunkte|aktionen|aktion|aktionsliste|vereinbarte aufgaben|commitments"
    "|verantwortlichkeiten|responsibilities|action plan|deliverables|was zu tun ist|what to do|arbeitsaufgaben",
    Concept.OPEN_QUESTIONS: "open question|open questions|open issue|open issues|open point|open points"
    "|open item|open items|unresolved|unresolved questions|questions|question|parking lot|parked"
    "|offene frage|offene fragen|offener punkt|offene punkte|fragen|frage|ungeklärt|ungeklärte fragen"
    "|klärungsbedarf|themenspeicher|offene themen|outstanding questions|noch offen",
    Concept.NEXT_MEETING: "next meeting|next appointment|next session|next call|next date|next sync"
    "|next review|next regular meeting|following meeting|date of next meeting|nächste sitzung"
    "|nächstes treffen|nächster termin"
    "|nächste besprechung|nächster besprechungstermin|nächstes meeting|folgetermin|folgesitzung"
    "|nächste versammlung|nächster sitzungstermin|termin der nächsten sitzung|nächste runde|nächster jour fixe",
    Concept.SUMMARY: "summary|abstract|overview|executive summary|tl dr|tldr|zusammenfassung|kurzfassung"
    "|überblick|kurzzusammenfassung|in brief|in short|in kürze",
    Concept.KEY_POINTS: "key points|main points|highlights|key takeaways|takeaways|key messages|kernaussagen"
    "|kernpunkte|wichtigste punkte|das wichtigste|wichtiges|hauptpunkte",
    Concept.RESULTS: "results|result|outcomes|outcome|ergebnisse|ergebnis|findings|conclusion|conclusions"
    "|fazit|schlussfolgerungen",
    Concept.KEYWORDS: "keywords|tags|stichwörter|stichworte|schlagwörter|schlagworte|schlüsselwörter|topics keywords",
    Concept.PEOPLE: "people|persons|names|personen|namen",
    Concept.ORGANISATIONS: "organisations|organizations|organisation|organization|organisationen|company"
    "|companies|firma|firmen|unternehmen|institution|institutions|institutionen",
    Concept.EMAILS: "email|emails|e-mail|e-mails|mail|email address|email addresses|e-mail address"
    "|e-mail addresses|e-mail-adresse|e-mail-adressen|mailadresse|mailadressen",
    Concept.URLS: "url|urls|link|links|website|websites|web address|web addresses|webseite|webseiten"
    "|webadresse|webadressen|internetadresse|homepage",
    Concept.PHONES: "phone|phones|phone number|phone numbers|telephone|tel|telefon|telefonnummer"
    "|telefonnummern|mobile|mobil|handy|fax",
    Concept.AMOUNTS: "amount|amounts|sum|sums|costs|cost|price|prices|betrag|beträge|summe|summen|kosten"
    "|preis|preise|money|figures",
    Concept.DATES: "dates|daten|termine|deadlines|fristen|important dates|kalenderdaten|wichtige termine",
    Concept.OWNER: "owner|responsible|assignee|assigned to|assigned|lead|who|wer|verantwortlich"
    "|verantwortliche|verantwortlicher|zuständig|zuständige|zuständigkeit|person|bearbeiter|durch|by whom"
    "|verantwortung|accountable",
    Concept.DUE: "due|due date|deadline|until|by when|when|bis wann|bis|frist|fällig|fälligkeit|termin"
    "|erledigung bis|zieltermin|by|date|datum|target date|wann",
    Concept.SENDER: "from|von|to|an|cc|bcc|kopie",
    Concept.OTHER: "discussion|diskussion|background|hintergrund|status|distribution|verteiler|verteilerliste"
    "|anlagen|anlage|anhang|attachments|attachment|remarks|bemerkungen|bemerkung|notes|notizen|aob"
    "|any other business"
    "|verschiedenes|sonstiges|information|informationen|info|reports|report|bericht|berichte|introduction"
    "|einleitung|begrüßung|welcome|minutes approved|quorum|beschlussfähigkeit"
    "|project|projekt|client|kunde|genehmigung des protokolls|approval of minutes|apologies and welcome"
    "|discussion points|diskussionspunkte|updates|update|rückblick|review|abstimmung|vote|votes|signature"
    "|unterschrift|regards"
    "|begründung|reason|rationale|version|type|art|abstimmungsergebnis|for|against|dafür|dagegen"
    "|enthaltungen|abstentions",
}
_AMBIGUOUS: Final = {Concept.OWNER, Concept.DUE}
"""Concepts that are meant only in tables of tasks and beside tasks; their words mean something else at the head of a text."""

_FILLERS: Final = """
others ebenfalls weiters außerdem ferner weiterhin sonst zusätzlich es wird wir we have has been folgendes uns
gemeinsam also sich haben wurde wurden today heute todays of the a an for from on at in this our all list meeting
meetings session call made taken new other current and or with by is are was were members people persons name names
remote remotely online virtually virtual agreed board team committee full voting via new following der die das des den
dem am vom im in zur zum von für und oder liste sitzung besprechung treffens treffen meetings besprechungs alle neue
weitere gefasste gefassten getroffene getroffenen vereinbarte vereinbarten offene mitglieder personen namen waren sind
sowie digital aus heutige heutigen directors trustees officers staff employees councillors councilors stimmberechtigte
vorstandsmitglieder ratsmitglieder gremium vorstand vorstands vorstandssitzung folgende folgenden haben wurde wurden
top nr no number nummer s
"""
_FILLER_WORDS: Final = frozenset(_FILLERS.split())
_PREPOSITIONS: Final = frozenset(
    ["of", "from", "by", "at", "in", "on", "for", "until", "aus", "von", "vom", "der", "des", "für", "bis"]
)
_EARLIER_WORDS: Final = """
last previous prior earlier old letzte letzten letzter letztes vorherige vorherigen alte alten vorige vorigen
"""
_EARLIER: Final = frozenset(_EARLIER_WORDS.split())
_LONGEST: Final = 90
_MOST_TOKENS: Final = 9

_TOKEN: Final = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_PARENTHESES: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_GENDER: Final = re.compile(r"(?<=[a-zäöüß])(?:[:*/_]-?in(?:nen)?\b|Innen\b|\(innen\))")
_PLURAL_MARK: Final = re.compile(r"\(s\)|/s\b")


_ALONE: Final = {
    ("open",): Concept.OPEN_QUESTIONS,
    ("offen",): Concept.OPEN_QUESTIONS,
    ("still", "open"): Concept.OPEN_QUESTIONS,
    ("with",): Concept.PARTICIPANTS,
    ("mit",): Concept.PARTICIPANTS,
    ("am",): Concept.DATE,
    ("on",): Concept.DATE,
}
"""Words that are a label only when nothing stands beside them."""


def _table(ambiguous: bool) -> dict[tuple[str, ...], tuple[Concept, ...]]:
    table: dict[tuple[str, ...], tuple[Concept, ...]] = {}
    for concept, terms in _TERMS.items():
        if (concept in _AMBIGUOUS) is ambiguous:
            for term in terms.split("|"):
                key = tuple(term.split())
                table[key] = (*table.get(key, ()), concept)
    return table


_LABELS: Final = _table(ambiguous=False)
_COLUMNS: Final = _table(ambiguous=True)
_LONGEST_TERM: Final = max(map(len, _LABELS))


def tokens(label: str) -> tuple[str, ...]:
    """The words of a label in small letters, without what stands in parentheses and without marks of gender."""
    plain = _PLURAL_MARK.sub("", _GENDER.sub("", label))
    return tuple(_TOKEN.findall(_PARENTHESES.sub(" ", plain).casefold().replace("ß", "ss"))) if plain else ()


def _folded(table: dict[tuple[str, ...], tuple[Concept, ...]]) -> dict[tuple[str, ...], tuple[Concept, ...]]:
    return {tuple(word.casefold().replace("ß", "ss") for word in key): concepts for key, concepts in table.items()}


_FOLDED_LABELS: Final = _folded(_LABELS)
_FOLDED_COLUMNS: Final = _folded(_COLUMNS)


@lru_cache(maxsize=4096)
def label_concepts(label: str) -> frozenset[Concept]:
    """What a label or heading stands for; nothing when it says more than words for that, or speaks of an earlier meeting."""
    if len(label) > _LONGEST:
        return frozenset()
    words = tokens(label)
    if not 0 < len(words) <= _MOST_TOKENS or _EARLIER & set(words):
        return frozenset()
    if words in _ALONE:
        return frozenset({_ALONE[words]})
    found: set[Concept] = set()
    index = 0
    while index < len(words):
        length, concepts = _term_at(words, index)
        if concepts:
            found |= set(concepts)
            index += length
        elif words[index] in _PREPOSITIONS and found:
            break
        elif words[index] in _FILLER_WORDS or words[index].isdecimal():
            index += 1
        else:
            return frozenset()
    return frozenset(found)


def column_concepts(label: str) -> frozenset[Concept]:
    """What a column of a table stands for; also who does a task and until when."""
    words = tokens(label)
    return label_concepts(label) | frozenset(_FOLDED_COLUMNS.get(words, ()))


def is_task_mark(label: str) -> bool:
    """Whether this label says who does a task or until when."""
    return bool(_AMBIGUOUS & set(_FOLDED_COLUMNS.get(tokens(label), ())))


def _term_at(words: tuple[str, ...], index: int) -> tuple[int, tuple[Concept, ...]]:
    for length in range(min(_LONGEST_TERM, len(words) - index), 0, -1):
        if concepts := _FOLDED_LABELS.get(words[index : index + length]):
            return length, concepts
    return 0, ()
