"""What holds the pages' samples: which are not run, and that one which is wrong, or of a language nobody knows, fails its page."""

import pytest

from tests.docs import test_pages_for_callers, test_pages_for_operators
from tests.docs.blocks import PAGES, ROOT, blocks_of, page_blocks
from tests.docs.place import Place
from tests.docs.samples import Reading

NOT_RUN = {"docs/operating.md": 1}
"""How many samples of which page are not run; each says why in its first line."""


def test_samples_that_are_not_run_say_why_and_are_counted() -> None:
    found = {page: [block.not_run for block in page_blocks(page) if block.not_run] for page in PAGES}
    assert {str(page.relative_to(ROOT)): len(reasons) for page, reasons in found.items() if reasons} == NOT_RUN


def test_every_page_is_read_by_one_of_the_two_tests() -> None:
    assert sorted([*test_pages_for_callers.PAGES, *test_pages_for_operators.PAGES]) == sorted(PAGES)


def test_a_block_of_an_unknown_language_fails_its_page(shared_place: Place) -> None:
    blocks = blocks_of("```cobol\nDISPLAY 'x'.\n```\n", "page")
    with pytest.raises(AssertionError, match=r"page:1: nothing is known of the language 'cobol'"):
        Reading(shared_place, blocks).run()


@pytest.mark.parametrize("text", ["```\nx\n```\n", "```sh\nx\n", "~~~ sh a b\nx\n~~~\n"])
def test_a_block_that_names_no_language_or_is_not_closed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^page:1: "):
        blocks_of(text, "page")


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        ("```sh\nfalse\n```\n", "page:1 ended with 1"),
        ("```sh\nsecretary rnu report.pdf\n```\n", "No such command 'rnu'"),
        (
            '```sh\ncurl -s localhost:5001/api/jobs/ -H "Authorization: Bearer $KEY" -d 1\n```\n',
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        ("```graphql\n{ nothing }\n```\n", "Cannot query field 'nothing'"),
        ('```json\n{"job_type": "pdf", "parameters": {"filename": "nowhere.pdf"}}\n```\n', "404 .*FILE_NOT_FOUND"),
        ('```json\n{"colour": "red"}\n```\n', "this JSON is the body of no call"),
        ('```jsonl\n{"type": "connection_init"}\n```\n', "4403"),
        ("```python\nraise SystemExit('wrong')\n```\n", "wrong"),
        ("```python never.py\nx = 1\n```\n", "no later sample uses never.py"),
        ("```js\nx = 1\n```\n", "give it a file name"),
        ("```markdown\n# {{title|\n```\n", "line 1, column 3"),
        ("```dotenv\nSECRETARY_PROT=80\n```\n", "SECRETARY_PROT"),
        ('```toml\n[project.entry-points."secretary.jobtypes"]\na = "b:c"\n```\n', "secretary.jobtypes"),
        (
            "```ini\n[Unit]\n[Service]\nExecStart=/opt/bin/secretary wbe\n[Install]\n```\n",
            "there is no command secretary wbe",
        ),
        ("```yaml\nservices:\n  web:\n    command: secretary web --hots 0.0.0.0\n```\n", "does not know {'--hots'}"),
        ("```yaml\ngroups:\n  - rules:\n      - expr: secretary_nothing > 1\n```\n", "secretary_nothing"),
    ],
)
def test_a_sample_that_is_wrong_fails_its_page(sample: str, sentence: str, shared_place: Place) -> None:
    with pytest.raises(Exception, match=sentence):
        Reading(shared_place, blocks_of(sample, "page")).run()
