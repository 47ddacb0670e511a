"""Where the service is and what opens it: SECRETARY_URL and SECRETARY_API_KEY, or the one that has the data folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from secretary.settings import Settings, load_settings
from secretary.up.data_folder import read_key
from secretary.up.failures import CannotStart
from secretary.up.lock import running

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DOORS: Final = ("/api/jobs", "/api", "/graphql")
"""What people copy along with an address."""


@dataclass(frozen=True, slots=True)
class Address:
    """A service's root, without a slash at its end, and a key for it; `data_dir` is where it was found, if it was."""

    url: str
    key: str
    data_dir: Path | None = None

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that no proxy may stand between."""
        return urlsplit(self.url).hostname in _LOOPBACK

    @property
    def socket_url(self) -> str:
        return f"ws{self.url.removeprefix('http')}/graphql"

    def again(self) -> "Address":
        """Where it is now: one that was started again may have taken another port."""
        service = running(self.data_dir) if self.data_dir else None
        return Address(service.url, self.key, self.data_dir) if service else self


def address_of(url: str | None = None, data_dir: Path | None = None) -> Address:
    """The service that the options and settings name; raises CannotStart when there is none or no key for it."""
    settings = load_settings(url=url, data_dir=data_dir)
    # A folder named here and now means more than an address that the environment has always.
    if settings.url and (url or data_dir is None):
        return Address(_root(settings.url), _key_for(settings, settings.url))
    service = running(settings.data_dir)
    if service is None or service.passing:
        raise CannotStart(
            f"No service is running with the data folder {settings.data_dir}; start one with `secretary up`, name another "
            "as SECRETARY_URL, or do one document with `secretary run FILE.pdf`."
        )
    return Address(_root(service.url), _key_for(settings, service.url), settings.data_dir)


def _root(url: str) -> str:
    root = url.rstrip("/")
    for door in _DOORS:
        if root.endswith(door):
            return root.removesuffix(door).rstrip("/")
    return root


def _key_for(settings: Settings, url: str) -> str:
    """The key set, or the kept one; that is never sent to another service than the one it was made for."""
    if settings.api_key:
        return settings.api_key.get_secret_value()
    service = running(settings.data_dir)
    if service is None or _place(service.url) != _place(url):
        raise CannotStart(f"There is no key for the service at {url}; set one as SECRETARY_API_KEY.")
    kept = read_key(settings.key_file)
    if kept is None:
        raise CannotStart(
            f"There is no key in {settings.key_file}; make one with `secretary key create` and set it as SECRETARY_API_KEY."
        )
    return kept


def _place(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return "here" if parts.hostname in _LOOPBACK else parts.hostname or "", parts.port


def takes_no_key(url: str) -> str:
    return f"The service at {url} does not take this key; set a valid one as SECRETARY_API_KEY."


def leads_on(url: str, where: str | None) -> str:
    return f"The address {url} leads on to {where}; set SECRETARY_URL to where the service is."


def is_a_stranger(url: str, said: str) -> str:
    return f"What answers at {url} is not secretary ({said}); look at SECRETARY_URL."
