"""Which uploads the requests for jobs may mean, and how an upload is told from a file in a folder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from secretary.job_types import JobTypes
from secretary.models import UploadRow

LONGEST_NAME: Final = 255
_UPLOAD_ID: Final = re.compile(r"file-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class SentFiles:
    """An owner's uploads by id and by name, and the ids of those that have expired."""

    known: Mapping[str, UploadRow] = field(default_factory=dict)
    expired: frozenset[str] = frozenset()


def is_upload_id(name: str) -> bool:
    """Whether this can only mean an upload."""
    return bool(_UPLOAD_ID.fullmatch(name))


def may_name_upload(job_types: JobTypes, request: Any) -> set[str]:
    """What a job's request, right or not, may name as an upload."""
    asked = request if isinstance(request, dict) else {}
    name = asked.get("job_type")
    job_type = job_types.find(name) if isinstance(name, str) else None
    given = asked.get("parameters")
    if job_type is None or not isinstance(given, dict) or (now := job_type.parameters.input_field) is None:
        return set()
    spelt = {now, *(old for old, new in job_type.parameters.spellings.items() if new == now)}
    nested = given.get("extra")
    values = [part.get(key) for part in (given, nested) if isinstance(part, dict) for key in spelt]
    return {value for value in values if isinstance(value, str) and _plain(value)}


def _plain(value: str) -> bool:
    return len(value) <= LONGEST_NAME and "/" not in value and value.isprintable()
