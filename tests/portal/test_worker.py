import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connections

from portal import search, worker
from portal.search import Unreadable
from portal.worker import Job
from tests.factories import ProcedureFactory

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_a_job_runs_again_only_after_its_time():
    runs = []
    job = Job(runs.append, every=timedelta(hours=1))

    for minutes in (0, 59, 60, 61):
        job.run_if_due(NOW + timedelta(minutes=minutes))

    assert runs == [NOW, NOW + timedelta(hours=1)]


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_the_others_go_on(monkeypatch, caplog):
    runs = []

    def fail(now):
        raise RuntimeError("no such table")

    monkeypatch.setattr(worker, "JOBS", [Job(fail), Job(runs.append)])
    # The connection of the test's transaction must stay open.
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    worker.do_due(NOW)
    worker.do_due(NOW)

    assert runs == [NOW, NOW]
    assert caplog.text.count("RuntimeError: no such table") == 1


def test_a_job_that_failed_is_tried_again_after_a_while():
    runs = []

    def fail(now):
        runs.append(now)
        raise RuntimeError

    job = Job(fail)
    for seconds in (0, 1, 4, 6):
        with contextlib.suppress(RuntimeError):
            job.run_if_due(NOW + timedelta(seconds=seconds))

    assert runs == [NOW, NOW + timedelta(seconds=6)]


def found(text):
    try:
        return search.find("procedure", text, lambda pks: [], limit=5).pks
    except Unreadable:
        return None


def wait_for(expected, text, seconds):
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        if found(text) == expected:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def working(settings, tmp_path):
    """The worker at its work, in a thread."""
    settings.DATA_DIR = tmp_path
    stop = threading.Event()

    def work():
        worker.work(stop)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_found_soon_and_a_lost_index_comes_back(working, tmp_path):
    procedure = ProcedureFactory(published=True, name="Cấp giấy phép X-quang")
    # One second where a machine has nothing else to do; here others may be running.
    assert wait_for([procedure.pk], "x-quang", seconds=10)

    procedure.name, procedure.short_name = "Cấp phép bưu chính", "Bưu chính"
    procedure.save()
    assert wait_for([procedure.pk], "bưu chính", seconds=10)

    (tmp_path / "search" / "procedure").rename(tmp_path / "taken-away")
    assert wait_for([procedure.pk], "bưu chính", seconds=10)


@pytest.fixture
def command(tmp_path):
    """`manage.py work` as a process of its own, on a database that has no table yet."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }

    log = (tmp_path / "stderr.txt").open("w+")

    def start(*options):
        arguments = [sys.executable, "manage.py", "work", *options]
        return subprocess.Popen(arguments, cwd=django_settings.BASE_DIR, env=environment, stderr=log)

    started = start()
    yield started, start, tmp_path / "stderr.txt"
    if started.poll() is None:
        started.kill()
        started.wait()
    log.close()


def wait_until(text, file):
    end = time.monotonic() + 60
    while text not in file.read_text():
        assert time.monotonic() < end, file.read_text()
        time.sleep(0.05)


def test_it_survives_a_lost_database_works_alone_and_stops_when_told(command):
    first, start, log = command
    wait_until("The job _follow_changes failed", log)

    assert start("--once").wait(timeout=60) == 1
    assert "Đang có một tiến trình work khác" in log.read_text()

    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=30) == 0
