"""How English and German sentences say that something was decided, is to be done, or who was there."""

import re
from dataclasses import dataclass
from typing import Final

from secretary.language.rules.dates import WEEKDAY

_BODIES: Final = (
    "board|team|committee|group|council|members|meeting|participants|attendees|panel|assembly|everyone|all"
    "|parties|directors|trustees|vorstand|gremium|runde|versammlung|ausschuss|gemeinderat|stadtrat"
    "|teilnehmer(?:innen)?|teilnehmenden|anwesenden|mitglieder(?:versammlung)?|gruppe|kommission|beirat"
    "|aufsichtsrat|betriebsrat|geschäftsführung|rat|kollegium|elternbeirat|projektteam|alle"
)
DECIDED: Final = re.compile(
    rf"\b(?:it (?:was|has been|is) (?:\w+ )?(?:decided|agreed|resolved)|(?:we|they)(?: have"
    rf"|'ve)?(?: \w+)? (?:decided|agreed|resolved|settled on|voted)\b"
    rf"|(?:{_BODIES}) (?:\w+ )?(?:decided|agreed|approved|adopted|resolved|voted|accepted|rejected|ratified|directed"
    rf"|authori[sz]ed|appointed|elected"
    rf"|endorsed|settled)\b"
    rf"|(?:was|were|has been|have been|is|are) (?:unanimously |formally |then )?(?:approved|adopted|accepted"
    rf"|rejected|carried|ratified)\b|motion (?:\w+ )?(?:carried|passed|failed)|(?:decision|resolution) (?:was|is"
    rf"|has been) (?:taken|made|reached|passed|to)"
    rf"|(?:agreement|consensus) was reached|agreed unanimously|unanimously agreed"
    rf"|(?:es )?(?:wurde|wird|worden|ist) (?:[^.]{{0,120}}\b)?(?:beschlossen|vereinbart|entschieden|festgelegt"
    rf"|verabschiedet|genehmigt|angenommen|abgelehnt|bewilligt|entlastet|(?:wieder)?gewählt)\b"
    rf"|(?:wurden|werden|sind) (?:[^.]{{0,120}}\b)?(?:beschlossen|vereinbart|entschieden|verabschiedet|genehmigt"
    rf"|angenommen|bewilligt)\b"
    rf"|(?:haben|hat) (?:[^.]{{0,120}}\b)?(?:beschlossen|entschieden|geeinigt|verabschiedet|genehmigt|vereinbart)\b"
    rf"|(?:{_BODIES}|wir|man) (?:\w+ ){{0,2}}(?:beschließ(?:t|en)|beschloss(?:en)?|genehmigt(?:e|en)?"
    rf"|verabschiedete?n?|entschied(?:en)?|einigte?n?|vereinbarte?n?|stimm(?:t|te|en|ten)|bewilligte?)\b"
    rf"|einig waren (?:wir|sich)|waren (?:wir )?uns (?:alle )?einig|(?:herrschte?|besteht|bestand) einigkeit"
    rf"|einigte?n? sich\b|einigen uns\b|verständigte?n? sich\b|einstimmig (?:beschlossen|angenommen|genehmigt"
    rf"|verabschiedet|dafür))",
    re.IGNORECASE,
)
UNDECIDED: Final = re.compile(
    r"\?\s*$|\b(?:not (?:yet )?(?:been )?(?:decided|agreed|approved|reached)|to be (?:decided|agreed|approved)"
    r"|no (?:decision|agreement)|nothing was|yet to|will (?:be )?(?:decide|approve)d?|should be|must be"
    r"|noch nicht|keine? (?:entscheidung|beschluss|einigung)|nicht (?:entschieden|beschlossen)|zu (?:entscheiden"
    r"|beschließen)|soll(?:te)? (?:[^.]{0,60} )?(?:entschieden|beschlossen) werden|wird (?:[^.]{0,60} )?(?:in"
    r"|auf) der nächsten|muss (?:[^.]{0,60} )?werden"
    r"|before (?:it|we)|if (?:it|we|the)|whether|ob\b|falls|vertagt|deferred|postponed|agenda (?:was|is)"
    r"|minutes of the (?:last|previous)|protokoll der letzten)",
    re.IGNORECASE,
)
DECISION_MARK: Final = re.compile(
    r"[(\[](?:decision|beschluss|entscheidung|decided|agreed|beschlossen)[)\]]:?[ \t]*", re.IGNORECASE
)
DECISION_BEHIND: Final = re.compile(
    r"[(\[](?:decision|decided|agreed|beschluss|entscheidung|beschlossen|entschieden)[)\]]\.?\s*$", re.IGNORECASE
)
ACTION_LABEL: Final = re.compile(
    r"[(\[]?(?:action(?: item| point)?s?|to[- ]?do|task|follow[- ]up|aufgabe|arbeitsauftrag|auftrag|maßnahme"
    r"|massnahme|AP|AI|A|T|TD)[ ]?#?\d{0,3}[)\]]?"
    r"(?P<who>[ \t]*(?:[(\[][^()\[\]\n]{1,60}[)\]]|@?[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,2}"
    r"|[-–—>]{1,2}))?[ \t]*(?:\*\*)?[:：][ \t*]*(?=\S)",
    re.IGNORECASE,
)
BARE_ACTION: Final = re.compile(
    r"(?:TODO|ToDo|\[(?:action|todo|aufgabe)\]|\((?:action|todo|aufgabe)\))[ \t:–—-]+(?=\S)", re.IGNORECASE
)
MARKED_OWNER: Final = re.compile(
    r"\b(?:owner|responsible|assignee|assigned to|due(?: date)?|deadline|verantwortlich(?:e|er)?|zuständig"
    r"|fällig(?: bis)?|frist|bearbeiter|erledigung bis)[ ]?:",
    re.IGNORECASE,
)
_WHEN: Final = (
    rf"(?:(?:the )?(?:end|beginning|start|middle) of|next|this|coming|tomorrow|tonight|today|noon|close of|eod"
    rf"|eow|(?:{WEEKDAY})|(?:early |mid-|late )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    rf"|\d{{1,2}}[./ ]|\d{{4}}-|the \d|q[1-4]|week \d"
    rf"|(?:zum |zur |spätestens |mitte |ende |anfang |zum ende |kommenden? |nächste[nrm]? |diese[nrm]? "
    rf"|übermorgen|morgen|heute|ostern|weihnachten|kw ?\d))"
)
UNTIL: Final = re.compile(
    rf"\b(?:by|due(?: on| by)?:?|until|before|no later than|bis(?: spätestens)?(?: zum| zur)?|spätestens(?: am| bis)?"
    rf"|vor dem)[ \t]+{_WHEN}",
    re.IGNORECASE,
)
ENGLISH_TASK: Final = re.compile(
    r"[ \t]+(?:will|shall|is going to|are going to|agreed to|agrees to|took on|takes on|volunteered to|offered to"
    r"|promised to|is to|are to|needs to|has to|must|to|undertook to|was asked to|is responsible for"
    r"|takes care of"
    r"|was tasked with|committed to|'ll)[ \t]+(?!be\b|have\b|not\b|attend\b|miss\b|join us\b)[a-z]",
)
INFINITIVE: Final = re.compile(r"[ ]to[ ](?!be\b|the\b|a\b|an\b|that\b|this\b|date\b|our\b|my\b|\w+ing\b)[a-z]{3,}[ ]")
ENGLISH_DEED: Final = re.compile(
    r"[ \t]+(?:owns|takes|is taking|handles|is handling|prepares|drafts|sends|writes|checks|organi[sz]es|contacts"
    r"|updates|reviews|orders|books|arranges"
    r"|finishes|finali[sz]es|delivers|provides|creates|sets up|schedules|informs|clarifies|follows up|coordinates"
    r"|collects|circulates|shares|submits)\b"
)
GERMAN_TASK: Final = re.compile(
    r"[ \t]+(?:wird|werden|übernimmt|übernehmen|kümmert sich|kümmern sich|soll|sollen|muss|müssen|klärt|prüft"
    r"|erstellt|organisiert|schickt|sendet|verschickt|versendet|informiert|bestellt|beschafft|kontaktiert"
    r"|bereitet|stellt|holt|fragt|plant"
    r"|schreibt|aktualisiert|liefert|bucht|reserviert|meldet|spricht|vereinbart|lädt|überarbeitet|ergänzt|sammelt"
    r"|koordiniert|testet|legt|gibt|sorgt|verfasst|entwirft|erarbeitet|recherchiert|besorgt|telefoniert|reicht"
    r"|leitet|hat zugesagt|sagt zu|bittet|ruft)\b",
)
GERMAN_FIRM: Final = re.compile(
    r"[ \t]+(?:wird|werden|übernimmt|übernehmen|kümmert sich|kümmern sich|soll|sollen|hat zugesagt|muss)\b"
)
GERMAN_DEED: Final = re.compile(
    r"[ \t]+(?:bestellt|beschafft|organisiert|bucht|reserviert|verschickt|versendet|schickt|sendet|erstellt"
    r"|beauftragt|kontaktiert|aktualisiert|überarbeitet"
    r"|klärt|prüft|besorgt|koordiniert|entwirft|verfasst|druckt|kauft|installiert|liefert|meldet sich|bereitet"
    r"|informiert(?! (?:\w+ )?über\b)|holt|lädt)\b"
)
GERMAN_PAST: Final = re.compile(r"\b(?:wurde|worden|gewesen|gewählt werden)\b", re.IGNORECASE)
I_WILL: Final = re.compile(r"(?:I will|I'll|I’ll|Ich werde|Ich kümmere mich|Ich übernehme)\b(?! not| be | nicht)")
ARROW: Final = re.compile(r"(?:→|➔|->|=>)[ \t]*")
MOTION: Final = re.compile(
    r"(?:(?:the )?motion (?:was |is )?(?:carried|passed|failed|approved)|carried|passed|approved|vote:|(?:all"
    r"|everyone|everybody|alle) (?:in favou?r|agreed|einverstanden)"
    r"|(?:das|dies|this|that) (?:wurde|was|ist|is) |unanimous|einstimmig|angenommen|abgelehnt|beschlossen"
    r"|genehmigt|der antrag (?:wurde|wird|ist) \w+)",
    re.IGNORECASE,
)
PAST: Final = re.compile(
    r"\b(?:was|were|had|has|have|did|reported|said|asked|presented|explained|noted|wurde|wurden|war|waren|hatte"
    r"|hatten|hat|haben|worden|berichtete"
    r"|fragte|stellte|erklärte|meinte|until now|bis (?:jetzt|heute|dahin))\b",
    re.IGNORECASE,
)
CLAUSE: Final = re.compile(
    r"\b(?:will|shall|must|should|needs?|to|wird|werden|soll|sollen|muss|müssen"
    r"|bis)\b",
    re.IGNORECASE,
)
NOTHING: Final = re.compile(
    r"(?:none|no (?:decisions?|actions?|further \w+)|nothing|n/a|-+|keine?|nichts|entfällt|tbd)\.?"
    r"(?: (?:today|taken|made|heute|needed|required|necessary|nötig|notwendig|erforderlich|getroffen|gefasst"
    r"|beschlüsse|aufgaben))*\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How sentences say it: names stand right behind `before`, or right before `behind`."""

    before: re.Pattern[str]
    behind: re.Pattern[str]


def _wording(before: str, behind: str) -> Wording:
    return Wording(re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE))


THERE: Final = _wording(
    r"\b(?:(?:those |members |people |persons )?(?:present|in attendance|attending)(?: at the meeting)? (?:were"
    r"|was|are)|attended by|(?:attendees|participants) (?:were|are|included?)"
    r"|(?:on|at|in|around) (?:the|this|today's) (?:[a-z]+ )?(?:call|meeting|room|session|table|line) (?:were|was)"
    r"|joined by|met with|present(?: were)?:|meeting (?:between|of|with)|anwesend (?:waren|sind|war)"
    r"|dabei (?:waren|sind)|zugeschaltet (?:waren|sind)|(?:nahmen|haben|waren|sind)(?: daran| an (?:der|dem"
    r"|diesem|dieser) [^\W\d_]{3,40})?"
    r"|teilgenommen haben|teilnehmer(?:innen)? (?:waren|sind)|trafen sich|haben sich|traf sich"
    r"|anwesenden? (?:waren|sind))[: ]",
    r"\b(?:attended|were present|was present|took part|participated|joined|met|were in attendance|gathered"
    r"|dialled in|dialed in|called in|were there|are present"
    r"|waren (?:anwesend|dabei|zugegen)|(?:nahmen|haben) [^.]{0,80}(?:teil|teilgenommen)\b|trafen sich"
    r"|kamen [^.]{0,60}zusammen|sind anwesend|war anwesend)",
)
AWAY: Final = _wording(
    r"\b(?:apologies (?:for absence )?(?:were |was |have been )?(?:received |sent )?(?:from|by)|absent (?:were"
    r"|was)|excused (?:were|was)|regrets (?:were received )?from"
    r"|(?:entschuldigt|abwesend|verhindert) (?:waren|war|sind|ist|haben sich|hat sich|fehlten|fehlte|fehlt)"
    r"|es fehl(?:t|te|ten|en)(?: entschuldigt)?|entschuldigt:)[: ]",
    r"\b(?:(?:has |have |had )?sen[td] (?:his |her |their )?(?:apologies|regrets)|could(?: not|n't) (?:attend"
    r"|make|join|be)|(?:was|were|is|are) (?:absent|excused|unable|on leave|on vacation|on holiday|ill|sick|away)"
    r"|apologi[sz]ed"
    r"|(?:war|waren|ist|sind|hat sich|haben sich|fehlte|fehlten|fehlt|ließ sich"
    r"|ließen sich) (?:[^\W\d_]{1,20} )?(?:entschuldigt|entschuldigen|verhindert|abwesend|krank|im urlaub"
    r"|nicht da|nicht dabei)|fehlten?\b"
    r"|konnten? (?:leider )?nicht)",
)
CHAIRING: Final = _wording(
    r"\b(?:chaired by|moderated by|facilitated by|led by|presided over by|chaired"
    r"|geleitet (?:wurde [^.]{0,40})?von|moderiert von|leitung (?:hat|hatte|von)|leitete|moderierte"
    r"|vorsitz (?:hat|hatte|führte))[: ]",
    r"\b(?:chaired|presided|moderated|facilitated|led the meeting|opened the meeting|called the meeting|leitete"
    r"|moderierte|leitet die|eröffnete?)\b",
)
WRITING: Final = _wording(
    r"\b(?:(?:minutes|notes) (?:were |was )?(?:taken|recorded|written|kept|prepared) by|minuted by"
    r"|protokoll (?:führt|führte|führen|schrieb|schreibt|hat)|protokolliert (?:von|hat|wurde von)"
    r"|protokollführung hat)[: ]",
    r"\b(?:took (?:the )?(?:minutes|notes)|takes (?:the )?(?:minutes|notes)|(?:führt|führte|schrieb|schreibt"
    r"|übernimmt|übernahm) (?:das )?protokoll|kept the minutes)\b",
)
CHAIR_BESIDE: Final = re.compile(
    r"[ ,–—-]{0,3}[(\[,–—-]?[ ]?[^()\n]{0,40}?(?<![\w-])(?:chair\w*|moderat\w*|facilitat\w*|vorsitz\w*"
    r"|(?:sitzungs|versammlungs|gesprächs|besprechungs)leitung|leitung(?=[)\],;]|$)|host)\b",
    re.IGNORECASE,
)
WRITER_BESIDE: Final = re.compile(
    r"[ ,–—-]{0,3}[(\[,–—-]?[ ]?[^()\n]{0,40}?\b(?:minutes?\b|note[- ]?taker|notes|scribe|protokoll\w*"
    r"|schriftführ\w*|secretary)",
    re.IGNORECASE,
)
