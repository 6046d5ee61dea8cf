"""`make run` starts two processes; neither may outlive the other."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings

PATIENCE = 120  # seconds, for a machine that has much else to do


def eventually(condition):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def environment(folder):
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MEDIA_ROOT"}}
    return own | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "yes", "DATA_DIR": str(folder)}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment(folder), check=True)
    return folder


@pytest.fixture
def serve(migrated, tmp_path, port):
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    started = []

    def start():
        # A shell that was itself started in the background hands on that it ignores Ctrl-C.
        command = ["env", "--default-signal=INT", ".ci/serve", sys.executable]
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(tmp_path) | {"HOST": "127.0.0.1", "PORT": str(port)},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if is_running(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_running(process):
    """Say whether any process of its session is left; they hold its process group."""
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/tiep-can/", timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.parametrize("way", ["kill", "Ctrl-C"])
def test_server_and_worker_end_together(serve, port, way):
    process = serve()
    assert eventually(lambda: answers(port))

    if way == "kill":
        process.terminate()
    else:
        os.killpg(process.pid, signal.SIGINT)

    assert eventually(lambda: not is_running(process))
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/" in process.stdout.read()


def test_a_server_that_cannot_start_takes_its_worker_along(serve, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = serve()

        assert eventually(lambda: not is_running(process))

    assert process.returncode != 0
