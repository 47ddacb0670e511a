"""Names of people: in lists with commas, items, lines, table cells; without their roles, and those marked as absent apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secretary.language.rules.spans import Span, trimmed

_SEPARATOR: Final = re.compile(r"\n[ \t]*|[,;/\t|·•]|[ \t](?:and|und|sowie|&|\+|as well as)[ \t]|[ ]{3,}")
_TITLES: Final = """
Dr|Prof|Mr|Mrs|Ms|Herr|Herrn|Frau|Hr|Fr|Dipl|Ing|Mag|Sir|Dame|Rev|Hon|Cllr|Med|Fam|Familie|Miss|Mx|Jr|Sr|St|PhD|MSc|BSc|MBA|MA
"""
_PARTICLE_WORDS: Final = """
von van de der den zu zur zum da del di la le du dos das al el bin ibn ten ter af av y e vom dr prof med ing phil jur
nat rer habil h c
"""
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
_ARTICLES: Final = frozenset(["der", "den", "das", "dem", "zum", "zur", "la", "le", "e", "y", "i"])
_NAME_TOKEN: Final = re.compile(r"@[\w.-]{2,40}|(?:[^\W\d_]['’])?[^\W\d_][^\W\d_]*(?:['’-][^\W\d_]+)*\.?")
_PARENTHESIS: Final = re.compile(r"[ \t]*(?:\([^()\n]{0,120}\)?|\[[^\[\]\n]{0,120}\]?|<[^<>\n]{0,120}>?)")
_SURNAME_FIRST: Final = re.compile(r"[^\W\d_][\w'’-]+,[ ][^\W\d_][\w'’.-]+(?:[ ][^\W\d_][\w'’.-]*)?")
_AWAY: Final = re.compile(
    r"\b(?:absent|excused|apolog\w*|regrets|not present|entschuldigt|abwesend|fehlt|verhindert|unentschuldigt"
    r"|krank|sick|on leave|e\.)",
    re.IGNORECASE,
)
_ROLE_WORDS: Final = """
chair chairman chairwoman chairperson minutes minute taker manager management director head lead leader ceo cto cfo
coo engineer officer secretary treasurer moderator moderation host guest guests team marketing sales hr it finance
legal vorsitz vorsitzende vorsitzender protokoll protokollführung protokollführerin protokollführer leitung leiter
leiterin geschäftsführer geschäftsführerin geschäftsführung abteilung vertrieb einkauf gast gäste schriftführer
schriftführerin kassenwart kassenwartin kassiererin kassierer beisitzer beisitzerin projektleitung projektleiter
projektleiterin project product development design support operations consultant intern developer designer architect
analyst scribe facilitator notes online remote digital teams zoom phone telefon per video hybrid personnel accounting
buchhaltung personal entwicklung technik it-leitung betriebsrat assistant assistenz president vice member members
mitglied mitglieder stellvertreter stellvertreterin stellvertretung verwaltung bürgermeister bürgermeisterin supplier
customer kunde client auditor coordinator koordinator koordinatorin trainer coach student teacher lehrer lehrerin
referent referentin berater beraterin qa ops devops backend frontend ux research science quality quality-manager
production produktion logistik logistics procurement controlling communications kommunikation
"""
_OFFICE_WORDS: Final = """
bürgermeister bürgermeisterin oberbürgermeister oberbürgermeisterin gemeinderat gemeinderätin stadtrat stadträtin
councillor councilor councilmember alderman mayor president director chairman chairwoman chairperson commissioner
trustee treasurer secretary minister ministerin clerk gemeindeschreiber hausmeister hausmeisterin obmann obfrau
kassier warden caretaker coordinator rektor rektorin schulleiter schulleiterin professor professorin pfarrer pfarrerin
captain officer judge senator landrat landrätin ortsvorsteher ortsvorsteherin vorstand vicepresident
"""
_OFFICES: Final = frozenset(_OFFICE_WORDS.split())
_ARTICLE_AND_ORDINAL: Final = re.compile(r"(?:der|die|the)?[ ]?\d{1,2}(?:\.|st|nd)[ ]", re.IGNORECASE)
_DETERMINERS: Final = frozenset({"the", "der", "die", "our", "unser", "unsere"})
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_NO_NAMES: Final = """
call welcome approval adjournment report reports introduction response access plan time need needs ready back due
reminder review update updates feedback how what when where why who whether option options step steps goal aim
question answer all everyone everybody none nobody team present absent attendees participants board members alle keine
keiner niemand siehe see tbd n/a na nein ja yes no the a an i we wir ich es die der das guests gäste others weitere
andere apologies remote online agenda date datum time ort decision decisions action actions todo next nächste meeting
sitzung protokoll minutes beschluss aufgabe aufgaben discussion diskussion welcome begrüßung it this that there he she
they he er sie name names namen rolle role function funktion anwesend teilnehmer teilnehmende various diverse
entschuldigt excused unknown unbekannt staff committee vorstand today heute yesterday gestern tomorrow morgen after
before nach vor then dann monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag
freitag samstag sonntag january february march april may june july august september october november december januar
februar märz mai juni juli oktober dezember everything everyone's full quorum all-hands abteilung department company
firma also ebenfalls zudem außerdem
"""
_NOBODY: Final = frozenset(_NO_NAMES.split())
_FOLLOWING: Final = """
from of at via aus von vom as als until bis ab by per joined left for für in im bei on with mit dialled dialed
zugeschaltet entschuldigt anwesend present absent excused teil getroffen zusammen teilgenommen dabei attended remotely
online remote who die der both beide sowie nahm nahmen abwesend verhindert krank sick (as (als eingeladen were was are
waren sind telefonisch virtuell digital ganztägig zeitweise part-time partly and und
"""
_FOLLOWERS: Final = frozenset(_FOLLOWING.split())
_ORGANISATION: Final = re.compile(
    r"\b(?:GmbH|AG|KG|SE|OHG|UG|Inc|Ltd|LLC|Corp|plc|e\.[ ]?V|University|Universität|Institute?|Stadt|Amt|Group"
    r"|Bank|Verein|Stiftung|Foundation|Ministerium|Ministry)\b"
)
_INITIAL: Final = len("A.")
_MOST_WORDS: Final = 6
_LONGEST_NAME: Final = 60
MOST_SEARCHED: Final = 20_000
"""Characters of a list of names that are looked at."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name, and whether the text says beside it that this person was not there."""

    span: Span
    is_away: bool = False


def people_in(text: str, span: Span, *, one_each: bool = False) -> list[Person]:
    """The names in a list. With `one_each` the stretch is an item of a list, in which what follows a whole name is a role."""
    found: list[Person] = []
    for piece in _pieces(text, Span(span.start, min(span.end, span.start + MOST_SEARCHED))):
        person = _person(text, piece)
        if person is None:
            if one_each and found:
                break
            continue
        if one_each and found and _words(text, found[0].span) > 1 and _words(text, person.span) == 1:
            break
        found.append(person)
    return found


def only_people_in(text: str, span: Span) -> list[Person]:
    """As `people_in`, when the stretch is nothing but names."""
    found = []
    for piece in _pieces(text, span):
        person = _person(text, piece)
        if person is None or _PARENTHESIS.sub("", text[person.span.end : piece.end]).strip(" .:,*_"):
            return []
        found.append(person)
    return found


def is_name(word: str) -> bool:
    """Whether a single word can be a name."""
    folded = word.casefold().rstrip(".")
    if len(word) == _INITIAL and word.endswith("."):
        return word[0].isupper()
    return word[:1].isupper() and folded not in _NOBODY and folded not in _ROLES and folded not in _OFFICES


def is_office(word: str) -> bool:
    """Whether this word names an office that one person has."""
    return word.casefold() in _OFFICES or word.casefold() in _ROLES


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """Between separators that are not within parentheses. With semicolons only these separate, as in `Smith, Anna; Jones, Bob`."""
    by_semicolon = ";" in text[span.start : span.end]
    has_commas = by_semicolon or "," in text[span.start : span.end]
    begin = span.start
    parenthesis = _PARENTHESIS.search(text, *span)
    for mark in _SEPARATOR.finditer(text, *span):
        while parenthesis is not None and parenthesis.end() <= mark.start():
            parenthesis = _PARENTHESIS.search(text, max(parenthesis.end(), parenthesis.start() + 1), span.end)
        inside = parenthesis is not None and parenthesis.start() <= mark.start() < parenthesis.end()
        # In a list with commas, a line that ends without one is only wrapped.
        is_wrapped = mark.group().startswith("\n") and has_commas and text[mark.start() - 1] not in ",;\r"
        if inside or is_wrapped or (by_semicolon and mark.group() in ",/"):
            continue
        yield trimmed(text, begin, mark.start())
        begin = mark.end()
    yield trimmed(text, begin, span.end)


def _person(text: str, piece: Span) -> Person | None:
    """The name at the beginning of a piece."""
    piece = trimmed(text, *piece, ".:-–—•→")
    colon = text.find(": ", *piece)
    if colon >= 0:
        # `Chair: Anna Smith` and `Sales: Anna Smith`
        piece = trimmed(text, colon + 1, piece.end)
    name = _leading_name(text, piece) or _name_behind_office(text, piece)
    if name is None and (titled := _TITLED.match(text, *piece)):
        # `die Schulleiterin Frau Baumann`, `the treasurer Ann Smith`
        name = _leading_name(text, Span(titled.end(), piece.end))
    if name is None:
        return None
    if surname_first := _SURNAME_FIRST.fullmatch(text, *piece):
        name = Span(*surname_first.span())
    rest = text[name.end : piece.end]
    if _ORGANISATION.search(text, *name) or _ORGANISATION.match(rest.lstrip()):
        return None
    return Person(name, _AWAY.search(rest) is not None)


def _name_behind_office(text: str, piece: Span) -> Span | None:
    """The name in `Executive Director Ann Smith`; of `Mayor Smith` with the office, as that is what the text calls the person."""
    at, is_office = piece.start, False
    if ordinal := _ARTICLE_AND_ORDINAL.match(text, at, piece.end):
        at = ordinal.end()
    while match := _NAME_TOKEN.match(text, at, piece.end):
        folded = match.group().casefold().rstrip(".")
        if folded not in _ROLES and folded not in _OFFICES and folded not in _DETERMINERS:
            break
        is_office = is_office or folded in _OFFICES
        at = match.end()
        while at < piece.end and text[at] in " \xa0\n-":
            at += 1
    name = _leading_name(text, Span(at, piece.end)) if piece.start < at < piece.end else None
    if name is None or _words(text, name) > 1:
        return name
    return Span(piece.start, name.end) if is_office else None


def _leading_name(text: str, piece: Span) -> Span | None:
    """The words at the beginning that can be a name, when what follows them is no part of a sentence about something else."""
    start, end, words, capitals, last = piece.start, piece.start, 0, 0, ""
    at = piece.start
    while at < piece.end and words < _MOST_WORDS:
        match = _NAME_TOKEN.match(text, at, piece.end)
        if match is None:
            break
        word = match.group()
        folded = word.casefold().rstrip(".")
        can_be = is_name(word) or word.startswith("@") or folded in _TITLE_WORDS
        can_join = folded in _PARTICLES and (words or _followed_by_capital(text, match.end(), piece.end))
        if not can_be and not (can_join and (folded not in _ARTICLES or last in _PARTICLES)):
            break
        last = folded
        words += 1
        if can_be:
            end = match.end()
            capitals += folded not in _TITLE_WORDS
        at = match.end()
        while at < piece.end and text[at] in " \xa0-\r\n":
            at += 1
    is_role = capitals == 1 and _followed_by_role(text, end, piece.end)
    if not capitals or is_role or end - start > _LONGEST_NAME or not _may_follow(text, end, piece.end):
        return None
    return trimmed(text, start, end, "" if text[end - 2 : end - 1].isupper() else ".")


_TITLED: Final = re.compile(
    r"(?:(?:the|our|die|der|unsere?|als gast"
    r"|als)[ ]+)?(?:[^\W\d_]{3,30}[ ]+){1,2}(?=(?:Herrn?|Frau|Dr\.|Prof\.|Mrs?\.?|Ms\.?)[ ])",
    re.IGNORECASE,
)
_TITLE_WORDS: Final = frozenset(_TITLES.casefold().strip().split("|"))


def _followed_by_capital(text: str, at: int, end: int) -> bool:
    while at < end and text[at] == " ":
        at += 1
    return at < end and text[at].isupper()


def _followed_by_role(text: str, at: int, end: int) -> bool:
    """Whether a single word and the next are a role together, as `Quality Manager` is."""
    following = _NAME_TOKEN.match(text, at + 1, end) if text.startswith(" ", at) else None
    return following is not None and following.group()[0].isupper() and following.group().casefold() in _ROLES


def _may_follow(text: str, at: int, end: int) -> bool:
    """Nothing, a remark in parentheses, a role, or small words such as `from Acme`; anything else shows that it was no name."""
    rest = text[at : min(end, at + _LONGEST_NAME)].lstrip(" \xa0")
    if not rest or rest[0] in "([<-–—:*_.,":
        return True
    word = rest.split(maxsplit=1)[0].casefold().strip(".,:;()")
    return word in _FOLLOWERS or word in _ROLES


def _words(text: str, span: Span) -> int:
    return len(span.of(text).split())
