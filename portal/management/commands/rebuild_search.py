"""`manage.py rebuild_search`: make the search index anew from the database."""

from collections.abc import Iterable

from django.core.management.base import BaseCommand
from tqdm import tqdm

from portal import search
from portal.search import Document


def _shown(documents: Iterable[Document], total: int) -> Iterable[Document]:
    return tqdm(documents, total=total, unit=" bản ghi", mininterval=0.5)


class Command(BaseCommand):
    help = "Lập lại chỉ mục tìm kiếm từ cơ sở dữ liệu; trang vẫn tìm được trong lúc đó."

    def handle(self, *args, **options) -> None:
        count = search.rebuild(progress=_shown)
        self.stdout.write(f"Đã lập chỉ mục tìm kiếm cho {count} bản ghi.")
