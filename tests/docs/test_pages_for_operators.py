"""README, and the pages for those who run and extend the service: every sample is run, as somebody would who reads from the top."""

from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, page_blocks
from tests.docs.place import Place
from tests.docs.samples import Reading

PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("operating", "settings", "security", "job-types")),
]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_sample_of_the_page_runs(page: Path, place: Place) -> None:
    Reading(place, page_blocks(page)).run()
