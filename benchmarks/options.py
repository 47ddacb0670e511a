"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`quick` proves that everything runs and gives no figure to keep; `rounds` are repeated and told by their median."""

    quick: bool = False
    rounds: int = 3
    postgresql: bool = False

    def few(self, usual: int, quick: int) -> int:
        return quick if self.quick else usual
