"""`secretary web`, `worker` and `valkey`: the service's processes one by one, for a Procfile or for many machines."""

import contextlib
import gc
import logging
import os
import signal
import socket
from typing import Annotated, Final

import typer

from secretary.cli.options import DataDir, Host, Port
from secretary.cli.process_log import start_logging
from secretary.settings import Settings, load_settings

logger = logging.getLogger("secretary")

WEB_EXAMPLE: Final = "Example: [bold]secretary web --host 0.0.0.0 --port $PORT[/bold]"
WORKER_EXAMPLE: Final = "Example: [bold]SECRETARY_REDIS_URL=redis://10.0.0.5 secretary worker[/bold]"
VALKEY_EXAMPLE: Final = "Example: [bold]secretary valkey --data-dir ./data[/bold]"

REDIS_WAIT_SECONDS: Final = 5.0
"""How long web and worker wait for Redis, which a Procfile starts at the same moment."""


def web(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    listener: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the web process alone: GraphQL and REST. Needs Redis (SECRETARY_REDIS_URL, or `secretary valkey` beside it)."""
    settings = load_settings(host=host, port=port, data_dir=data_dir)
    start_logging(settings.log_level, "web")
    with contextlib.closing(_listen(settings) if listener is None else socket.socket(fileno=listener)) as opened:
        _serve(settings, opened)


def _listen(settings: Settings) -> socket.socket:
    """Do what `secretary up` does before it starts this process."""
    from secretary.up.listening import listen, url_of
    from secretary.up.preparing import prepare, require_redis

    listener = listen(settings.host, settings.port)
    key = prepare(settings)
    require_redis(settings, wait_seconds=REDIS_WAIT_SECONDS)
    if key.new:
        logger.info("made the first key and kept it in %s", settings.key_file)
    logger.info("listening on %s", url_of(listener))
    return listener


def _serve(settings: Settings, listener: socket.socket) -> None:
    from secretary.app import create_app
    from secretary.cli.web_server import server_of
    from secretary.job_types import load_job_types
    from secretary.resources import open_resources

    app = create_app(settings, open_resources(settings, load_job_types()))
    server = server_of(app, max_message_bytes=settings.max_body_megabytes * 1024 * 1024)
    # What has been loaded stays for good: looking for garbage in it would halt every stream for a tenth of a second.
    gc.collect()
    gc.freeze()

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    # Before uvicorn listens for signals, so that none is lost while it starts; and it raises the one that stopped it once
    # more when it is done, but being asked to stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    server.run(sockets=[listener])


def worker(data_dir: DataDir = None, prepared: Annotated[bool, typer.Option(hidden=True)] = False) -> None:
    """Run one worker alone: it does the jobs. Start as many as you like, on as many machines."""
    settings = load_settings(data_dir=data_dir)
    start_logging(settings.log_level, "worker")
    if not prepared:
        from secretary.resources import secret_keys
        from secretary.up.data_folder import prepare_folder
        from secretary.up.preparing import prepare_database, require_redis

        prepare_folder(settings.data_dir)
        secret_keys(settings)
        prepare_database(settings)
        require_redis(settings, wait_seconds=REDIS_WAIT_SECONDS)
    from secretary.worker import run_worker

    raise typer.Exit(run_worker(settings))


def valkey(data_dir: DataDir = None) -> None:
    """Run the private Valkey alone, for a Procfile. Does nothing, and waits, when SECRETARY_REDIS_URL is set."""
    settings = load_settings(data_dir=data_dir)
    start_logging(settings.log_level, "valkey")
    if settings.redis_url is not None:
        stopping = {signal.SIGINT, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
        logger.info("SECRETARY_REDIS_URL is set, so no private Valkey is needed; waiting to be stopped")
        signal.sigwait(stopping)
        return
    from secretary.up import valkey as private
    from secretary.up.data_folder import prepare_folder

    prepare_folder(settings.data_dir)
    with private.owned(settings) as lock:
        command = private.command(settings)
        logger.info("Valkey on %s", settings.valkey_socket)
        os.set_inheritable(lock, True)
        os.execv(command[0], command)  # noqa: S606  # becomes Valkey, so that signals reach it
