"""The GraphQL documents in the dashboard's modules: template literals tagged `graphql`, without anything put into them."""

import re
from typing import Final

from secretary.web.static_files import FOLDER

# Not the path `/graphql` in a comment, whose second mark would be taken for the beginning of a document.
_TAGGED: Final = re.compile(r"(?<![\w/`])graphql`([^`]*)`")


def documents() -> tuple[str, ...]:
    """All of them, as the browser sends them; where only known documents run, these are known."""
    modules = sorted(FOLDER.rglob("*.js"))
    return tuple(text for module in modules for text in _TAGGED.findall(module.read_text("utf-8")))
