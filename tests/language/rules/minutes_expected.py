"""Six sets of minutes in different layouts, written for these tests, and what a careful reader finds in each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "minutes"


@dataclass(frozen=True)
class Expected:
    """What the rules should find. Of decisions and actions, words that belong to one value each."""

    file: str
    language: str
    date: str
    participants: tuple[str, ...]
    absent: tuple[str, ...]
    decisions: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def text(self) -> str:
        return (FOLDER / f"{self.file}.md").read_text(encoding="utf-8")


MINUTES: Final = (
    Expected(
        file="en_headed",
        language="en",
        date="14 May 2024",
        participants=("Margaret O'Neill", "Tom Becker", "Priya Raman", "Jean-Luc Moreau", "Sofía Álvarez"),
        absent=("Henrik Dahl",),
        decisions=(
            "Release 4.2 goes out on 3 June 2024.",
            "The travel budget is capped at 12,000 EUR.",
            "The old reporting module will be switched off",
        ),
        actions=(
            "Priya Raman: fix the two remaining defects by 24 May",
            "Tom Becker: announce the release date",
            "Sofía Álvarez: send the budget table",
            "Jean-Luc Moreau to review the documentation until 20 May",
        ),
    ),
    Expected(
        file="en_prose",
        language="en",
        date="7 March 2023",
        participants=("Alice Whitcombe", "Dr. Rajesh Nair", "Peter Holloway", "Ursula\nFinch"),
        absent=("Colin Marsh",),
        decisions=(
            "the pipe will be replaced before the season starts",
            "decided to raise the annual rent to £48",
            "The motion to buy a second mower was carried",
        ),
        actions=(
            "Peter Holloway will obtain three quotes for the pipe by 31 March",
            "Ursula Finch agreed to write to all members",
            "Dr. Nair is to renew the insurance",
        ),
    ),
    Expected(
        file="en_mail",
        language="en",
        date="11 September 2024",
        participants=("Dana Kowalski", "Mike Chen", "Oluwaseun Adeyemi", "Greta Lindqvist"),
        absent=("Bilal Haddad",),
        decisions=("we postpone the beta to 1 October", "Northwind pays for the additional test server"),
        actions=(
            "Mike - increase the connection pool and repeat the load test",
            "Oluwaseun - update the roadmap, due 16 September",
            "Dana - tell the beta customers",
        ),
    ),
    Expected(
        file="de_headed",
        language="de",
        date="12. März 2024",
        participants=("Dr. Ingrid Schäfer", "Jürgen Müller", "Fatma Yıldız", "Björn Groß"),
        absent=("Heike Lorenz",),
        decisions=(
            "Das Sommerfest findet am 20. Juli 2024 statt",
            "Der Mitgliedsbeitrag bleibt",
            "Für das Zelt werden höchstens",
        ),
        actions=("Björn Groß: Zelt bis 15. April", "Fatma Yıldız: Zuschuss", "Jürgen Müller: Einladungen bis Ende Mai"),
    ),
    Expected(
        file="de_table",
        language="de",
        date="05.11.2023",
        participants=("Stefan Köhler", "Anke Petersen", "Mehmet Öztürk", "Lukas Bauer"),
        absent=(),
        decisions=("Die Tore werden in Anthrazit ausgeführt", "Der Hausanschluss wird auf die Nordseite verlegt"),
        actions=("Schalungsplan freigeben | Petersen | 10.11.2023", "Baustrom beantragen", "Gerüst umsetzen"),
    ),
    Expected(
        file="de_prosa",
        language="de",
        date="23.01.2025",
        participants=("Katharina Vogel", "Tobias Brandt", "Selin Kaya"),
        absent=("Herr Neumann",),
        decisions=("das Angebot der Firma Telnetz anzunehmen", "vereinbart, dass die alten Geräte gespendet"),
        actions=(
            "Tobias Brandt wird bis Freitag den alten Vertrag kündigen",
            "Selin Kaya erstellt bis zum 7. Februar einen Plan",
            "Frau Vogel übernimmt die Information der Belegschaft",
        ),
    ),
)
