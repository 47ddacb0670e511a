"""What a shell offers when Tab is pressed, asked of the running service: quickly, and without a word when it is away."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from secretary.cli.remote.client import Client

STATUSES: Final = ("pending", "processing", "completed", "failed", "cancelled")
METHODS: Final = ("native", "ocr", "combined", "mistral_ocr", "openai_vision")

_SECONDS: Final = 0.7
_MOST: Final = 50

Offer = tuple[str, str]


def job_ids(incomplete: str) -> list[Offer]:
    """The newest jobs and batches, with what a person knows them by."""
    if incomplete.startswith("batch-"):
        return batch_ids(incomplete)
    nodes = (edge["node"] for edge in _asked(lambda client: client.ask("Jobs", first=_MOST)["edges"]))
    return _fitting(((job["id"], f"{job['status'].lower()} {job['name'] or ''}") for job in nodes), incomplete)


def batch_ids(incomplete: str) -> list[Offer]:
    nodes = _asked(lambda client: client.ask("Batches", first=_MOST, jobsFirst=1)["nodes"])
    return _fitting(((one["id"], f"{one['status'].lower()} {one['name'] or ''}") for one in nodes), incomplete)


def job_types(incomplete: str) -> list[Offer]:
    found = _asked(lambda client: client.ask("JobTypes"))
    return _fitting(((one["name"], one["description"]) for one in found), incomplete)


def template_names(incomplete: str) -> list[Offer]:
    found = _asked(lambda client: client.ask("Templates"))
    return _fitting(((one["name"], one["source"].lower()) for one in found), incomplete)


def statuses(incomplete: str) -> list[str]:
    return [status for status in STATUSES if status.startswith(incomplete)]


def methods(incomplete: str) -> list[str]:
    return [method for method in METHODS if method.startswith(incomplete)]


def _asked(question: "Callable[[Client], list[Any]]") -> list[Any]:
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client
    from secretary.settings import SettingsError
    from secretary.up.failures import CannotStart

    with (
        contextlib.suppress(CannotStart, SettingsError),
        Client(address_of(), seconds=_SECONDS, patient=False) as client,
    ):
        return question(client)
    return []


def _fitting(found: Iterator[Offer], incomplete: str) -> list[Offer]:
    from secretary.cli.speaking import one_line

    return [(name, one_line(about)) for name, about in found if name.startswith(incomplete)]
