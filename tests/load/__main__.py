"""`make load`: many people file feedback in the same moment, through the real form and a real server.

Each walks through the three steps; then all press the last button at once, and one in five presses it twice.
Afterwards the register is compared with the receipts that people saw. Anything lost or double ends in an error.
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SENDERS = {"sqlite": 50, "postgresql": 200}
CONTENT, SENDER, CHECK = "/phan-anh/gui/noi-dung/", "/phan-anh/gui/nguoi-gui/", "/phan-anh/gui/kiem-tra/"
RECEIPT = "/phan-anh/da-gui/"
# A form that is sent back sooner looks like a program's (`feedback.spam.SHORTEST`).
READING = 3.5  # seconds
PATIENCE = 300  # seconds
_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|form)" value="([^"]*)"')
_CODE = re.compile(r'class="receipt-code[^"]*">([0-9A-Z]{4}-[0-9A-Z]{4})<')


@dataclass
class Browser:
    """One person with an address, cookies and patience."""

    port: int
    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        status, text, _ = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        self.hidden = dict(_HIDDEN.findall(text))
        return text

    def post(self, path: str, **values: str) -> str:
        """Send a form and return where it leads."""
        status, _, location = self._ask("POST", path, urlencode({**self.hidden, **values}))
        if status != 302:
            raise RuntimeError(f"{path}: {status}")
        return urlsplit(location).path

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            # Everybody has an address of their own.
            "X-Forwarded-For": f"10.0.{self.number // 250}.{self.number % 250 + 1}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return response.status, response.read().decode(), response.getheader("Location", "")
        finally:
            connection.close()

    def fill_in(self) -> None:
        self.get(CONTENT)
        time.sleep(READING)
        said = {"title": f"Việc số {self.number}", "content": "Phải nộp hai lần cùng một loại giấy."}
        leads_to = self.post(CONTENT, about="unfit", **said)
        if leads_to != SENDER:
            raise RuntimeError(f"step 1 leads to {leads_to}")
        self.get(SENDER)
        who = {"sender_kind": "person", "sender_name": f"Người thử {self.number}", "address": "Số 2 Đường Thử"}
        leads_to = self.post(SENDER, phone=f"0903{self.number:06d}", **who)
        if leads_to != CHECK:
            raise RuntimeError(f"step 2 leads to {leads_to}")
        self.get(CHECK)

    def send(self) -> float:
        """Press the last button; return after how many seconds the answer came."""
        began = time.perf_counter()
        leads_to = self.post(CHECK)
        if leads_to != RECEIPT:
            raise RuntimeError(f"sending leads to {leads_to}")
        return time.perf_counter() - began

    def code(self) -> str:
        found = _CODE.search(self.get(RECEIPT))
        return found[1].replace("-", "") if found else ""


@dataclass
class Result:
    code: str = ""
    seconds: list[float] = field(default_factory=list)
    error: str = ""


def file_at_once(port: int, senders: int) -> list[Result]:
    together = threading.Barrier(senders)

    def person(number: int) -> Result:
        browser, result = Browser(port, number), Result()
        try:
            browser.fill_in()
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            result.error = str(error)
        together.wait(PATIENCE)
        if result.error:
            return result
        clicks = 2 if number % 5 == 0 else 1
        try:
            with ThreadPoolExecutor(clicks) as fingers:
                result.seconds = list(fingers.map(lambda _: browser.send(), range(clicks)))
            result.code = browser.code()
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            result.error = str(error)
        return result

    with ThreadPoolExecutor(senders) as crowd:
        return list(crowd.map(person, range(senders)))


@contextmanager
def serving(folder: Path):
    """Serve as README says for a real server, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["gunicorn", "portal.wsgi", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            Browser(port, 0).get("/phan-anh/")
        except (OSError, RuntimeError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not start")


def run_one(senders: int | None) -> bool:
    """File on the database that the environment names, which is empty; return whether all is well."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    senders = senders or SENDERS[connection.vendor]
    connection.close()
    with serving(Path(settings.DATA_DIR)) as port:
        results = file_at_once(port, senders)
    return report(connection.vendor, senders, results)


def report(vendor: str, senders: int, results: list[Result]) -> bool:
    """Print what became of it, compared with the register."""
    from feedback.models import Event, Submission

    served = [result for result in results if result.code]
    stored = dict(Submission.objects.values_list("code", "register_number"))
    lost = [result.code for result in served if result.code not in stored]
    double = len(stored) - len({result.code for result in served} & stored.keys())
    numbers = sorted(number for number in stored.values() if number)
    gaps = numbers != list(range(1, len(numbers) + 1))
    seconds = [second for result in served for second in result.seconds]
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    whole = Event.objects.count() == 3 * len(stored) == 3 * len(numbers)
    print(f"\n{vendor}: {senders} người gửi cùng lúc, {len(seconds)} lần bấm gửi")
    print(f"  có biên nhận {len(served)}, lỗi {senders - len(served)}, mất {len(lost)}, trùng {double}")
    print(f"  sổ tiếp nhận: {len(numbers)} số, {'có khoảng trống' if gaps else 'liền nhau'}")
    print(f"  chờ sau khi bấm: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s")
    for error in sorted({result.error for result in results if result.error}):
        print(f"  {error}")
    sys.stdout.flush()
    return len(served) == senders and not lost and not double and not gaps and whole


def main() -> None:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--senders", type=int, help="how many people; 50 on SQLite and 200 on PostgreSQL if not said")
    parser.add_argument("--one", action="store_true", help="only on the database named by DATABASE_URL")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    if options.one:
        sys.exit(not run_one(options.senders))
    again = [sys.executable, "-m", "tests.load", "--one"]
    again += ["--senders", str(options.senders)] if options.senders else []
    for prefix in ([], [".ci/with-postgres"]):
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "DATA_DIR": folder,
                "DEBUG": "no",
                "SECRET_KEY": "load" * 20,
                "PERSONAL_DATA_KEYS": "load" * 20,
                "BASE_URL": "http://127.0.0.1",
            }
            if not prefix:
                environment["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'load.sqlite3'}"
            subprocess.run([*prefix, *again], env=environment, check=True)


if __name__ == "__main__":
    main()
