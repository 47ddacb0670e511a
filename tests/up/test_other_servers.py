"""A Redis and a PostgreSQL of the operator's own in the place of the embedded ones, and a key of their choice."""

from pathlib import Path

import httpx
import psycopg

from tests.documents_made import text_pdf
from tests.up.started import nothing_is_left, started, until

KEY = "a-key-chosen-by-the-operator"


def test_both_are_used_and_the_preset_key_opens_them(folder: Path, postgres_url: str, clean_valkey_url: str):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS up_elsewhere")
        connection.execute("CREATE DATABASE up_elsewhere")
    text_pdf(folder / "letter.pdf", "Dear reader")
    settings = {
        "SECRETARY_DATABASE_URL": postgres_url.replace("/postgres?", "/up_elsewhere?"),
        "SECRETARY_REDIS_URL": clean_valkey_url,
        "SECRETARY_API_KEY": KEY,
    }
    with started(folder, settings=settings) as service:
        assert sorted(service.children()) == ["web", "worker"]
        assert not list(service.data_dir.glob("*.db"))
        assert not (service.data_dir / "api-key").exists()
        assert KEY not in service.printed
        assert "Bearer $SECRETARY_API_KEY" in service.printed
        headers = {"Authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=service.url, headers=headers, trust_env=False) as client:
            body = {"job_type": "pdf", "parameters": {"filename": "letter.pdf"}}
            path = f"/api/jobs/{client.post('/api/jobs/', json=body).json()['data']['job_id']}"
            until(lambda: client.get(path).json()["data"]["status"] == "completed", seconds=10, what="the job is done")
        assert service.stop()[0] == 0
    assert nothing_is_left(folder)
