"""`make bench`: what a page costs at 100, 10,000 and 100,000 procedures, on SQLite and PostgreSQL.

Pages of articles are measured at 1,000 and 20,000 articles.

Everything runs in one process against the real WSGI handler, without a network: the figures are
CPU time a request and what that allows in requests a second on one core. Each pair of sizes is
measured in the same run, so that the ratio holds on a noisy machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SIZES = (100, 10_000, 100_000)
ARTICLES = (1_000, 20_000)
ROUNDS = 60
QUERIES = (
    "x-quang",
    "cap giay phep su dung x quang",
    "nhãn hiệu",
    "mã số mã vạch",
    "tôi muốn xin giấy phép sử dụng máy chụp răng thì cần giấy tờ gì",
    "công nhận kết quả nghiên cứu khoa học không sử dụng ngân sách nhà nước",
    "đăng ký hoạt động khoa học và công nghệ lần đầu",
    "thời hạn giải quyết khai báo thiết bị bức xạ là bao lâu",
    "chứng nhận doanh nghiệp khoa học và công nghệ",
    "đo lường",
    "xquangg",
    "sở hữu trí tuệ giám định",
)


@dataclass
class Line:
    page: str
    queries: int
    cpu_ms: float
    p95_ms: float

    @property
    def per_second(self) -> float:
        return 1000 / self.cpu_ms


def measure_pages() -> list[Line]:
    from django.utils import timezone

    from procedures import catalogue
    from procedures.models import Procedure

    codes = list(Procedure.objects.published().values_list("code", flat=True)[:ROUNDS])
    last = -(-catalogue.current(timezone.localdate()).in_force_count // catalogue.PAGE_SIZE)
    addresses = {
        "trang chủ": ["/"],
        "danh mục": ["/thu-tuc/"],
        "danh mục, trang cuối": [f"/thu-tuc/?trang={last}"],
        "danh mục, lọc": ["/thu-tuc/?phi=khong-thu&doi-tuong=ca-nhan"],
        "chi tiết": [f"/thu-tuc/{code}/" for code in codes],
        "tìm kiếm": [f"/thu-tuc/?q={query}" for query in QUERIES],
        "gợi ý": [f"/thu-tuc/goi-y/?q={query[:12]}" for query in QUERIES],
    }
    return [*measure(addresses), measure_search()]


def measure_articles() -> list[Line]:
    from django.utils import timezone

    from news import column
    from news.listing import PAGE_SIZE
    from news.models import Article

    now = timezone.now()
    public = Article.objects.published(now).newest_first()
    last = -(-len(column.current(now).places) // PAGE_SIZE)
    return measure(
        {
            "bài": [article.get_absolute_url() for article in public.only("year", "slug")[:ROUNDS]],
            "tin tức": ["/tin-tuc/"],
            "tin tức, trang cuối": [f"/tin-tuc/?trang={last}"],
            "tin tức, một tháng": ["/tin-tuc/?thang=2025-06"],
            "nguồn tin": ["/tin-tuc/feed.xml"],
        }
    )


def measure(addresses: dict[str, list[str]]) -> list[Line]:
    """Measure each page; where it has several addresses, they take turns."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, lines = Client(), []
    for page, paths in addresses.items():
        for path in paths[:3]:
            client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(paths[0])
        queries = len(captured)
        assert response.status_code == 200, (page, paths[0], response.status_code)
        walls, started = [], time.process_time()
        for number in range(ROUNDS):
            before = time.perf_counter()
            client.get(paths[number % len(paths)])
            walls.append((time.perf_counter() - before) * 1000)
        cpu = (time.process_time() - started) * 1000 / ROUNDS
        lines.append(Line(page, queries, cpu, statistics.quantiles(walls, n=20)[-1]))
    return lines


def measure_search() -> Line:
    """Only the search itself, as the pages call it."""
    from procedures import search

    walls, started = [], time.process_time()
    for number in range(ROUNDS * 3):
        before = time.perf_counter()
        search.search(QUERIES[number % len(QUERIES)])
        walls.append((time.perf_counter() - before) * 1000)
    cpu = (time.process_time() - started) * 1000 / len(walls)
    return Line("chỉ tìm kiếm, trong tiến trình", 0, cpu, statistics.quantiles(walls, n=20)[-1])


def run_one(sizes: tuple[int, ...]) -> None:
    """Measure on the database that the environment names; it is filled from empty."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from portal import search
    from procedures import catalogue
    from tests.bench.filling import fill

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demonstration", verbosity=0)
    measured: dict[int, list[Line]] = {}
    for size in sizes:
        fill(size)
        search.rebuild()
        catalogue.forget()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        measured[size] = measure_pages()
    report(connection.vendor, measured)
    report(connection.vendor, {size: _measure_articles(size) for size in ARTICLES})


def _measure_articles(size: int) -> list[Line]:
    from django.db import connection

    from tests.bench.filling import fill_articles

    fill_articles(size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return measure_articles()


def report(vendor: str, measured: dict[int, list[Line]]) -> None:
    sizes = list(measured)
    print(f"\n{vendor}: truy vấn | CPU mỗi lượt (ms) | lượt/giây một lõi | p95 (ms)")
    print(f"{'':32}" + "".join(f"{size:>34,}" for size in sizes) + f"{'lớn/nhỏ':>10}")
    for lines in zip(*measured.values(), strict=True):
        cells = "".join(
            f"{line.queries:>6} {line.cpu_ms:>9.2f} {line.per_second:>9.0f} {line.p95_ms:>7.2f}" for line in lines
        )
        print(f"{lines[0].page:32}{cells}{lines[-1].cpu_ms / lines[0].cpu_ms:>9.2f}×")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", action="store_true", help="only on the database named by DATABASE_URL")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    if options.one:
        run_one(tuple(options.sizes))
        return
    again = [sys.executable, "-m", "tests.bench", "--one", "--sizes", *map(str, options.sizes)]
    for prefix in ([], [".ci/with-postgres"]):
        with tempfile.TemporaryDirectory() as folder:
            # DEBUG keeps every query in memory and renders more: measure as it is served.
            environment = {
                **os.environ,
                "DATA_DIR": folder,
                "DEBUG": "no",
                "SECRET_KEY": "bench" * 10,
                "PERSONAL_DATA_KEYS": "bench" * 10,
            }
            if not prefix:
                environment["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            subprocess.run([*prefix, *again], env=environment, check=True)


if __name__ == "__main__":
    main()
