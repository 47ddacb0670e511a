"""What a pdf job is run with in these tests: a folder, a limit, and everything it reported kept for reading."""

from dataclasses import dataclass, field
from pathlib import Path

from secretary.handlers import LogLevel, SourceInfo, pdf
from secretary.parameters.pdf import PdfParameters
from secretary.providers import Providers
from secretary.results.pdf import PdfResults


@dataclass
class KeptLimits:
    max_pages: int = 2_000
    page_seconds: float = 20.0
    memory_bytes: int = 2 * 1024**3


@dataclass
class KeptContext:
    """A context as the sandbox gives it, which keeps what it is told."""

    source: Path | None
    directory: Path
    limits: KeptLimits = field(default_factory=KeptLimits)
    providers: Providers = field(default_factory=Providers)
    careful: bool = False
    source_info: SourceInfo | None = None
    reports: list[tuple[str, int, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def report(self, step: str, percent: int, message: str) -> None:
        self.reports.append((step, percent, message))

    def sign_of_life(self) -> None:
        """Nobody waits for it here."""

    def allow_seconds(self, seconds: float) -> None:
        """An alarm would end the tests."""

    def log(self, level: LogLevel, message: str) -> None:
        raise AssertionError(f"a pdf job logs through its warnings, not {level} {message}")

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def run(self, **parameters: object) -> PdfResults:
        return pdf.run(PdfParameters.model_validate({"filename": "any.pdf", **parameters}), self)

    def produced(self) -> list[str]:
        files = (path for path in self.directory.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.directory).as_posix() for path in files)
