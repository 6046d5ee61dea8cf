"""`manage.py search_quality`: how often the search finds what questions with known answers ask for."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from tqdm import tqdm

from procedures.search_quality import Corpus, Figures, answer_from_database, measure, questions


class Command(BaseCommand):
    help = "Đo chất lượng tìm kiếm trên các câu hỏi đã biết trước thủ tục cần tìm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="tệp JSONL: query, expected_codes, kind"
        )
        parser.add_argument(
            "--data",
            nargs="+",
            type=Path,
            metavar="PATH",
            help="đọc thủ tục từ các tệp, thư mục này vào một chỉ mục tạm; không đụng đến cơ sở dữ liệu",
        )

    def handle(self, *args, **options) -> None:
        asked = [question for path in options["files"] for question in questions(path)]
        with tempfile.TemporaryDirectory() as folder:
            answer = answer_from_database
            if options["data"]:
                corpus = Corpus(options["data"], Path(folder) / "index")
                self.stdout.write(f"{len(corpus.records)} thủ tục.")
                answer = corpus.answer
            figures = measure(tqdm(asked, unit=" câu hỏi"), answer)
        self.stdout.write(f"{'':52}{'có dấu':^32}{'không dấu':^32}")
        heading = f"{'R@1':>7}{'R@5':>7}{'R@10':>7}{'MRR':>7}    "
        self.stdout.write(f"{'':46}{'số câu':>6}{heading}{heading}")
        for kind, (marked, plain) in sorted(figures.items()):
            self.stdout.write(f"{kind:46}{len(marked.places):>6}{_row(marked)}{_row(plain)}")


def _row(figures: Figures) -> str:
    recalls = "".join(f"{figures.recall(depth):>7.3f}" for depth in (1, 5, 10))
    return f"{recalls}{figures.mean_reciprocal_rank():>7.3f}    "
