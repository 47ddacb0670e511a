"""Web and worker with no folder in common: what is sent, read and produced goes through a bucket."""

import asyncio
import io
import os
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from secretary.files import BucketStorage
from tests.conftest import free_port
from tests.documents_made import text_pdf
from tests.installation import KEY, Installation, until

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def bucket(s3_server: str) -> str:
    name = f"whole-{uuid.uuid4().hex[:12]}"
    httpx.put(f"{s3_server}/{name}", trust_env=False).raise_for_status()
    return f"s3://{name}"


@pytest.fixture(scope="module")
def apart(short_dir: Path, bucket: str) -> Iterator[Installation]:
    """An installation whose worker has a data folder and an input folder of its own."""
    folder, other = short_dir / uuid.uuid4().hex[:8], short_dir / uuid.uuid4().hex[:8]
    for made_folder in (folder, other):
        made_folder.mkdir()
    made = Installation(folder, folder / "none", None, free_port(), SECRETARY_STORAGE_URL=bucket)
    made.start_valkey()
    shared = {
        "SECRETARY_DATABASE_URL": made.settings.sqlalchemy_url,
        "SECRETARY_REDIS_URL": made.settings.redis_address,
        "SECRETARY_DATA_DIR": str(other),
    }
    made.start_worker(**shared)
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
def client(apart: Installation) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    base = f"http://127.0.0.1:{apart.settings.port}"
    with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=30) as opened:
        yield opened


def test_a_file_sent_to_one_machine_is_read_by_another_and_its_results_are_fetched_from_the_first(
    client: httpx.Client, bucket: str, apart: Installation, tmp_path: Path
):
    text_pdf(tmp_path / "a.pdf", "one", "two")
    files = {"file": ("Bericht ä.pdf", (tmp_path / "a.pdf").read_bytes())}
    created = client.post("/api/jobs/", files=files, data={"include_images": "true"}).json()
    address = f"/api/jobs/{created['data']['job_id']}"
    until(lambda: _ended(client, address), seconds=60, what="the job ends")
    job = client.get(address).json()["data"]
    assert job["status"] == "completed", job
    assert job["results"]["target_dir"].startswith(f"{bucket}/produced/{job['job_id']}/")
    assert all(asset.startswith(f"{job['results']['target_dir']}/") for asset in job["results"]["assets"])
    assert {file["name"]: len(client.get(file["url"]).content) for file in job["files"]} == {
        file["name"]: file["size"] for file in job["files"]
    }
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}/download-archive").content)) as archive:
        assert sorted(archive.namelist()) == sorted(file["name"] for file in job["files"])
    assert not (apart.folder / "produced").exists()
    assert not (apart.folder / "uploads").exists()
    client.delete(address)
    assert BucketStorage(bucket).keys("produced") == []


def _ended(client: httpx.Client, address: str) -> bool:
    return client.get(address).json()["data"]["status"] in {"completed", "failed"}


async def test_two_uploads_of_100_megabytes_at_once_take_less_than_80_of_memory(apart: Installation, bucket: str):
    web = next(process for process in map(psutil.Process, _pids(apart)) if "web" in process.cmdline())
    content = os.urandom(MEGABYTE)

    async def parts(begin: bytes):
        yield b'--cut\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n' + begin
        for _ in range(99):
            yield content
        yield b"\r\n--cut--\r\n"

    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{apart.settings.port}", trust_env=False, timeout=60
    ) as client:
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "multipart/form-data; boundary=cut"}
        before = web.memory_info().rss
        answers = await asyncio.gather(
            *(client.post("/api/files", content=parts(begin), headers=headers) for begin in (b"%PDF-1.7", b"%PDF-1.6"))
        )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["data"]["size"] for answer in answers} == {99 * MEGABYTE + 8}
    status = Path(f"/proc/{web.pid}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    assert peak - before < 80 * MEGABYTE


def _pids(apart: Installation) -> list[int]:
    return [process.pid for process in apart.processes if process.poll() is None]
