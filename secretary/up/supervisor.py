"""Children in an order: started first to last, watched together, stopped last to first, and nothing left at the end."""

import time
from collections.abc import Sequence
from typing import Final

from secretary.up.child import Child
from secretary.up.failures import CannotStart
from secretary.up.signals import Signals

_LONGEST_WAIT: Final = 5.0
_EARLY_DEATHS: Final = 3


class Supervisor:
    """Watches groups of children; a later group needs the earlier ones, so it is stopped before them."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._groups: list[tuple[Sequence[Child], float]] = []

    def start(self, children: Sequence[Child], *, seconds_to_stop: float) -> None:
        """Start a group; when it is to end it has so many seconds before it is killed."""
        self._groups.append((children, seconds_to_stop))
        for child in children:
            child.start()

    def tend(self, longest_wait: float = _LONGEST_WAIT) -> None:
        """Wait until something happens, but not for long, and start again whatever has died."""
        waits = [wait for child in self._children() if (wait := child.tend()) is not None]
        self._signals.wait(min([longest_wait, *waits]))

    def refuse_early_deaths(self) -> None:
        """Raises CannotStart when a child keeps dying: starting it for ever would hide that the service never came up."""
        for child in self._children():
            if child.deaths_in_a_row >= _EARLY_DEATHS:
                raise CannotStart(
                    f"The {child.name} process ends as soon as it is started; what it said stands above, or run `secretary doctor`."
                )

    def stop(self) -> None:
        """Stop the groups, last first; those that take too long, or everything at a second signal, are killed."""
        while self._groups:
            children, seconds = self._groups.pop()
            for child in children:
                child.terminate()
            deadline = time.monotonic() + seconds
            while any(child.alive for child in children) and not self._signals.stop_at_once:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._signals.wait(left)
            for child in children:
                child.kill()

    def _children(self) -> list[Child]:
        return [child for children, _ in self._groups for child in children]
