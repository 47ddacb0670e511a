"""The facts of a session: what the job says of it first, and what its page says where the job does not."""

from dataclasses import dataclass
from datetime import datetime

from secretary.documents.web_facts import PageFacts
from secretary.parameters.session import SessionParameters


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """None is unknown."""

    day: str | None
    starttime: str | None
    endtime: str | None
    speakers: tuple[str, ...]
    place: str | None


def facts_of(parameters: SessionParameters, page: PageFacts) -> SessionFacts:
    day, start = _day_and_time(page.start)
    _, end = _day_and_time(page.end)
    return SessionFacts(
        day=parameters.day or day,
        starttime=parameters.starttime or start,
        endtime=parameters.endtime or end,
        speakers=tuple(parameters.speakers) if parameters.speakers is not None else page.speakers,
        place=page.place,
    )


def _day_and_time(said: str | None) -> tuple[str | None, str | None]:
    """`2025-02-01T10:30:00+01:00` is the day and `10:30` there; what is written otherwise is no time that could be trusted."""
    try:
        moment = datetime.fromisoformat(said or "")
    except ValueError:
        return None, None
    has_time = "T" in (said or "") or ":" in (said or "")
    return moment.date().isoformat(), moment.strftime("%H:%M") if has_time else None
