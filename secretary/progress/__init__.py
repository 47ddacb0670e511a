"""The news of jobs: a bus in Redis between processes, and a hub inside the web process."""

from secretary.progress.bus import BusLost, ProgressBus
from secretary.progress.hub import Hub, Mailbox

__all__ = ["BusLost", "Hub", "Mailbox", "ProgressBus"]
