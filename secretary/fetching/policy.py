"""What this deployment permits to requests of callers, built once from the settings and handed on, also to child processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

USUAL_PORTS: Final = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """Whether private networks may be reached, and then every port; else the ports besides the usual ones; seconds to
    connect, seconds a server may be silent, and seconds one download may take in all."""

    allow_private_networks: bool = False
    more_ports: frozenset[int] = frozenset()
    connect_seconds: float = 10.0
    silence_seconds: float = 30.0
    total_seconds: float = 300.0

    def permits_port(self, port: int) -> bool:
        return self.allow_private_networks or port in USUAL_PORTS or port in self.more_ports

    def to_dict(self) -> dict[str, Any]:
        """For a message to another process; `from_dict` reads it."""
        return {
            "allow_private_networks": self.allow_private_networks,
            "more_ports": sorted(self.more_ports),
            "connect_seconds": self.connect_seconds,
            "silence_seconds": self.silence_seconds,
            "total_seconds": self.total_seconds,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "OutboundPolicy":
        return cls(**{**values, "more_ports": frozenset(values.get("more_ports", ()))})
