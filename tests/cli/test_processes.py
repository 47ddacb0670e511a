"""`secretary valkey`, `web` and `worker`, as the Procfile starts them."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.conftest import free_port
from tests.documents_made import text_pdf
from tests.up.started import SECRETARY, environment, nothing_is_left, until

PROCFILE = Path(__file__).parents[2] / "Procfile"


def test_honcho_starts_the_procfile_and_stops_it(folder: Path):
    shutil.copy(PROCFILE, folder)
    text_pdf(folder / "letter.pdf", "Dear reader")
    port = free_port()
    known = {
        **environment(SECRETARY_DATA_DIR=str(folder / "data"), SECRETARY_PORT=str(port)),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "honcho", "start"], cwd=folder, env=known, stdout=log, stderr=subprocess.STDOUT
        )
    base = f"http://127.0.0.1:{port}"
    until(lambda: _ready(base) or process.poll() is not None, seconds=15, what=(folder / "log").read_text())
    key = (folder / "data" / "api-key").read_text().strip()
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
        body = {"job_type": "pdf", "parameters": {"filename": "letter.pdf"}}
        path = f"/api/jobs/{client.post('/api/jobs/', json=body).json()['data']['job_id']}"
        until(lambda: client.get(path).json()["data"]["status"] == "completed", seconds=10, what="the job is done")
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    assert nothing_is_left(folder, within=1)
    said = (folder / "log").read_text()
    assert f"listening on {base}" in said
    assert f"made the first key and kept it in {folder}/data/api-key" in said
    assert "Traceback" not in said


def _ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/api/health/ready", trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_valkey_waits_when_a_redis_is_set(folder: Path):
    known = environment(SECRETARY_REDIS_URL="redis://127.0.0.1:1", SECRETARY_DATA_DIR=str(folder / "data"))
    with subprocess.Popen([*SECRETARY, "valkey"], cwd=folder, env=known, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "SECRETARY_REDIS_URL is set, so no private Valkey is needed" in process.stderr.readline()
        assert process.poll() is None
        process.terminate()
    assert process.returncode == 0
    assert not (folder / "data").exists()
