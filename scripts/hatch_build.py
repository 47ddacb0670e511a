"""Packaging: a wheel and a source archive carry GraphiQL built. Where node or its packages cannot be had the package is made without
it, and the server says at `/graphql` how to get it."""

import runpy
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILD: Final = Path(__file__).parent / "graphiql" / "build.py"


class GraphiqlHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the page before files are collected; an editable installation builds it by `python scripts/graphiql/build.py`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version == "editable" or not BUILD.exists():
            return
        steps = runpy.run_path(str(BUILD))
        try:
            steps["build"]()
        except steps["CannotBuild"] as reason:
            self.app.display_warning(f"GraphiQL is left out: {reason}")
