"""What the tests do with a block of each language. A language that is not in the table fails its page."""

import asyncio
import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

import httpx
import yaml
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from secretary.settings import PREFIX, Settings
from tests.docs.blocks import ROOT, Block
from tests.docs.commands import assert_command_exists
from tests.docs.place import NODE_PACKAGES, SERVING, Place
from tests.missing import missing

SCHEMA: Final[GraphQLSchema] = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))


class Reading:
    """One page read from top to bottom, each block done as its language says."""

    def __init__(self, place: Place, blocks: list[Block]) -> None:
        self.place = place
        self.blocks = blocks
        self.saved: dict[str, Block] = {}

    def run(self) -> None:
        for index, block in enumerate(self.blocks):
            done_with = LANGUAGES.get(block.language)
            assert done_with is not None, f"{block.place}: nothing is known of the language {block.language!r}"
            if block.not_run is None:
                done_with(self, block, index)
        for name, block in self.saved.items():
            used = any(name.partition("/")[0] in other.text for other in self.blocks if other is not block)
            assert used, f"{block.place}: no later sample uses {name}"

    def following(self, index: int, language: str) -> Block | None:
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return after if after is not None and after.language == language else None

    def save(self, block: Block) -> None:
        assert block.file is not None
        path = self.place.work / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.place.filled(block.text), encoding="utf-8")
        self.saved[block.file] = block


def run_shell(reading: Reading, block: Block, _index: int) -> None:
    """Run; a block that ends in a command that goes on is started and stays."""
    if re.search(r"^node ", block.text, re.MULTILINE) and not (shutil.which("node") and NODE_PACKAGES.exists()):
        missing("node or its packages are not there")
    lines = block.text.strip().replace("\\\n", " ").splitlines()
    if SERVING.search(lines[-1]) and not lines[-1].rstrip().endswith("&"):
        reading.place.start(reading.place.filled("\n".join(lines)), block.place)
    elif block.file:
        reading.save(block)
        subprocess.run(["bash", "-n", block.file], cwd=reading.place.work, check=True)
    else:
        reading.place.run(block)


def run_python(reading: Reading, block: Block, _index: int) -> None:
    """Run, or save it for a later block, having seen that it compiles."""
    compile(block.text, block.place, "exec")
    if block.file:
        reading.save(block)
        return
    reading.place.serve()
    _run(reading, block, sys.executable, "-c", reading.place.filled(block.text))


def run_script(reading: Reading, block: Block, _index: int) -> None:
    """JavaScript: saved for a later block that runs it."""
    assert block.file, f"{block.place}: give it a file name"
    reading.save(block)


def _run(reading: Reading, block: Block, *command: str) -> None:
    done = subprocess.run(
        command,
        cwd=reading.place.work,
        env=reading.place.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{block.place}:\n{done.stdout}\n{done.stderr}"


def run_graphql(reading: Reading, block: Block, index: int) -> None:
    """Validate, then execute, with the variables of a JSON block right after it."""
    if block.file:
        reading.save(block)
    text = reading.place.filled(block.text)
    document = parse(text)
    assert not (wrong := validate(SCHEMA, document)), f"{block.place}: {wrong}"
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    assert len(operations) == 1, f"{block.place}: one operation a block, which readers can paste as it is"
    after = reading.following(index, "json")
    variables = json.loads(reading.place.filled(after.text)) if operations[0].variable_definitions and after else {}
    reading.place.serve()
    if operations[0].operation.value == "subscription":
        asyncio.run(_subscribe(reading.place, block, text, variables))
        return
    assert_answered(_ask(reading.place, {"query": text, "variables": variables}), block)


def _ask(place: Place, body: Any) -> Any:
    with place.client() as client:
        return client.post("/graphql", json=body).json()


def assert_answered(answer: Any, block: Block) -> None:
    """The operation was executed, and none of its changes was refused."""
    assert "errors" not in answer, f"{block.place}: {answer}"
    refused = [one for one in answer["data"].values() if isinstance(one, dict) and {"code", "message"} <= one.keys()]
    assert not refused, f"{block.place}: {refused}"


async def _subscribe(place: Place, block: Block, text: str, variables: dict[str, Any]) -> None:
    """Follow to the end; a list that has none, to the first news of a job made meanwhile."""
    transport = WebsocketsTransport(
        f"ws://localhost:{place.port}/graphql", init_payload={"authorization": f"Bearer {place.key}"}, close_timeout=1
    )
    endless = "jobChanges" in text
    events = 0
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks, Client(transport=transport) as session:
        following = session.subscribe(GraphQLRequest(text, variable_values=variables))
        if endless:
            tasks.create_task(_make_job_soon(place))
        async for _ in following:
            events += 1
            if endless:
                break
    assert events, f"{block.place}: nothing was told"


async def _make_job_soon(place: Place) -> None:
    await asyncio.sleep(0.5)
    await asyncio.to_thread(_make_job, place)


def _make_job(place: Place) -> None:
    with place.client() as client:
        client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": "report.pdf"}}).raise_for_status()


def use_json(reading: Reading, block: Block, index: int) -> None:
    """A body is posted where it belongs; variables were sent with the operation before them."""
    if block.file:
        reading.save(block)
        return
    before = reading.blocks[index - 1] if index else None
    if before is not None and before.language == "graphql":
        json.loads(block.text)
        return
    reading.place.serve()
    body = json.loads(reading.place.filled(block.text))
    if body.keys() & {"query", "documentId", "extensions"}:
        assert_answered(_ask(reading.place, body), block)
        return
    path = "/api/jobs/batch" if "jobs" in body else "/api/jobs/"
    assert "jobs" in body or "job_type" in body, f"{block.place}: this JSON is the body of no call"
    with reading.place.client() as client:
        answer = client.post(path, json=body)
    assert answer.status_code == 200, f"{block.place}: {answer.status_code} {answer.text}"


def use_json_lines(reading: Reading, block: Block, _index: int) -> None:
    """Messages of a client, sent over a real socket; every operation must complete."""
    reading.place.serve()
    lines = [json.loads(line) for line in reading.place.filled(block.text).splitlines()]
    asyncio.run(_talk(reading.place, block, lines))


async def _talk(place: Place, block: Block, lines: list[dict[str, Any]]) -> None:
    from websockets.asyncio.client import connect

    text = json.dumps(lines).replace("KEY", place.key)
    lines = json.loads(text)
    wanted = {line["id"] for line in lines if line["type"] == "subscribe"}
    async with (
        asyncio.timeout(60),
        connect(f"ws://localhost:{place.port}/graphql", subprotocols=["graphql-transport-ws"]) as socket,
    ):
        for line in lines:
            await socket.send(json.dumps(line))
            if line["type"] == "connection_init":
                assert json.loads(await socket.recv())["type"] == "connection_ack", block.place
        while wanted:
            told = json.loads(await socket.recv())
            assert told["type"] != "error", f"{block.place}: {told}"
            if told["type"] == "complete":
                wanted.discard(told["id"])


def check_template(reading: Reading, block: Block, _index: int) -> None:
    """`secretary template check` takes it, and a job can be filled with it."""
    name = block.file or f"line-{block.line}.md"
    (reading.place.work / name).parent.mkdir(parents=True, exist_ok=True)
    (reading.place.work / name).write_text(block.text, encoding="utf-8")
    if block.file:
        reading.saved[block.file] = block
    _run(reading, block, "secretary", "template", "check", name)
    reading.place.serve()
    with reading.place.client() as client:
        parameters = {"text": "Participants: Anna, Ben", "template_content": block.text}
        answer = client.post("/api/jobs/", json={"job_type": "transformer", "parameters": parameters})
    assert answer.status_code == 200, f"{block.place}: {answer.text}"


def check_toml(reading: Reading, block: Block, _index: int) -> None:
    """It parses; a pyproject registers job types in the group that is looked at."""
    from secretary.job_types import ENTRY_POINTS

    if block.file:
        reading.save(block)

    parsed = tomllib.loads(block.text)
    groups = parsed.get("project", {}).get("entry-points", {})
    assert list(groups) == [ENTRY_POINTS], f"{block.place}: {groups}"


def check_unit(reading: Reading, block: Block, _index: int) -> None:
    """A systemd unit: it parses, its commands exist, and so do the settings it names."""
    if block.file:
        reading.save(block)
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(block.text)
    assert {"Unit", "Service", "Install"} <= set(unit.sections()), block.place
    words = shlex.split(unit["Service"]["ExecStart"])
    assert words[0].endswith("/secretary"), block.place
    assert_command_exists(["secretary", *words[1:]], block.place)
    assert_settings_exist(block)


def check_settings(reading: Reading, block: Block, _index: int) -> None:
    """A file of settings: the service would start with it."""
    if block.file:
        reading.save(block)
    assert_settings_exist(block)
    path = reading.place.home / "checked.env"
    path.write_text(block.text)
    given = Settings(_env_file=path)
    named = {name.removeprefix(PREFIX).lower() for name in re.findall(rf"^{PREFIX}\w+", block.text, re.MULTILINE)}
    assert named <= given.model_fields_set, f"{block.place}: {named - given.model_fields_set}"


def check_yaml(reading: Reading, block: Block, _index: int) -> None:
    """A compose file or rules for Prometheus: commands, settings and metrics that it names exist."""
    parsed = yaml.safe_load(block.text)
    assert isinstance(parsed, dict), block.place
    if "services" in parsed:
        for service in parsed["services"].values():
            if command := service.get("command"):
                assert_command_exists(command if isinstance(command, list) else shlex.split(command), block.place)
    elif "groups" in parsed:
        reading.place.serve()
        expressions = [rule["expr"] for group in parsed["groups"] for rule in group["rules"]]
        metrics = httpx.get(f"{reading.place.url}/metrics", trust_env=False).text
        for name in re.findall(r"\bsecretary_\w+", " ".join(expressions)):
            assert re.search(rf"^# TYPE {name.removesuffix('_total')}(_total)? ", metrics, re.MULTILINE), (
                f"{block.place}: {name}"
            )
    else:
        assert "scrape_configs" in parsed, f"{block.place}: nothing is known of such a file"
    assert_settings_exist(block)


def assert_settings_exist(block: Block) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = set(re.findall(rf"\b{PREFIX}\w+", block.text)) - known
    assert not unknown, f"{block.place}: {unknown}"


def leave(_reading: Reading, block: Block, _index: int) -> None:
    """What is printed, or drawn: nothing to run."""
    assert block.file is None, block.place
    assert version("secretary")


def refuse(_reading: Reading, block: Block, _index: int) -> None:
    """Nothing here can run it: it must say so."""
    raise AssertionError(f"{block.place}: the tests cannot run {block.language}")


LANGUAGES: Final[dict[str, Callable[[Reading, Block, int], None]]] = {
    "dotenv": check_settings,
    "graphql": run_graphql,
    "ini": check_unit,
    "js": run_script,
    "json": use_json,
    "jsonl": use_json_lines,
    "markdown": check_template,
    "nginx": refuse,
    "python": run_python,
    "sh": run_shell,
    "text": leave,
    "toml": check_toml,
    "yaml": check_yaml,
}
