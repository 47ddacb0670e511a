"""Options that several commands have; one that is not given leaves the setting as it is."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Host = Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 for all.", show_default="127.0.0.1")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.", show_default="5001")
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        help="Folder of database, Valkey, key and produced files.",
        show_default="~/.local/share/secretary",
        file_okay=True,
    ),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        help="The service; its key comes from SECRETARY_API_KEY, never from the command line, which others can see.",
        show_default="SECRETARY_URL, or the one that runs with the data folder",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


class Status(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
