"""The commands of `secretary` as the command line itself knows them, to hold what pages name to them."""

from typing import Any, Final

import typer

from secretary.cli import app

_ROOT: Final[Any] = typer.main.get_command(app)


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that these words after `secretary` name, and the words that are left; raises KeyError for none."""
    command, left = _ROOT, list(words)
    while hasattr(command, "commands") and left and not left[0].startswith("-"):
        command = command.commands[left.pop(0)]
    return command, left


def assert_command_exists(words: list[str], place: str) -> None:
    """It exists, and so do the options that are given to it."""
    assert words[0] == "secretary", f"{place}: {words}"
    try:
        command, left = command_of(words[1:])
    except KeyError as unknown:
        raise AssertionError(f"{place}: there is no command {' '.join(words)} ({unknown})") from None
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    unknown_options = {word.partition("=")[0] for word in left if word.startswith("--")} - known
    assert not unknown_options, f"{place}: {' '.join(words)} does not know {unknown_options}"
