"""What the results of every job type have in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Results(BaseModel):
    """Results of a job; `target_dir`, `assets` and `warnings` are filled in when the job ends."""

    model_config = ConfigDict(extra="forbid")

    main_part: ClassVar[str | None] = None
    """The field whose contents a webhook tells; all of them when None."""

    assets: list[str] = Field(
        default_factory=list, description="Paths of produced images and previews inside target_dir."
    )
    target_dir: str = Field("", description="Where the produced files lie as the server sees them.")
    warnings: list[str] = Field(default_factory=list, description="What was only partly possible.")

    @property
    def whole(self) -> bool:
        """Whether an equal job may be given the same: nothing failed that might succeed another time."""
        return True
