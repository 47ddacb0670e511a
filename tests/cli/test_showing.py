"""What `secretary run` shows of results."""

import io

from rich.console import Console

from secretary.cli.showing import beginning, print_results


def printed(text: str) -> str:
    file = io.StringIO()
    data = {"extracted_text": text, "metadata": {"text_contents": [{}]}, "tables": []}
    job = {"results": {"structured_data": data, "target_dir": "/nowhere/files", "warnings": ["one page is empty"]}}
    print_results(Console(file=file, width=200), "a.pdf", job, whole_text=False)
    return file.getvalue()


def test_a_document_cannot_send_commands_to_the_terminal():
    shown = printed("before\x1b[2Jafter \x9b31m [bold]plain[/bold]")
    assert "before\N{REPLACEMENT CHARACTER}[2Jafter \N{REPLACEMENT CHARACTER}31m [bold]plain[/bold]\n" in shown
    assert "\x1b" not in shown


def test_warnings_come_first_and_an_empty_text_is_told():
    assert printed(" ") == (
        "warning: one page is empty\na.pdf: 1 page read, 0 tables\n\n(no text in this document)\n\nResults  /nowhere/files\n"
    )


def test_the_beginning_of_a_text_says_how_much_is_left():
    assert beginning("short\n") == "short"
    assert beginning("a" * 1000) == "a" * 700 + "\n… 300 more characters"
