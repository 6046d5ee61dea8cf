from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Truyền thông, tin tức"

    def ready(self) -> None:
        # What each kind of publication must have is registered where it is written.
        from news import (  # noqa: F401
            albums,
            articles,
            bulletins,
            disseminating,
            history,
            pictures,
            search,
        )
        from news.models import Article, Image
        from news.signals import publication_moved
        from portal import worker
        from portal.search import register
        from procedures.signals import change_published

        history.register()
        register(search.KIND, pks=search.public_pks, documents=search.documents)
        post_save.connect(_article_changed, Article)
        post_delete.connect(_article_changed, Article)
        publication_moved.connect(_publication_moved)
        change_published.connect(_change_published)
        post_delete.connect(_picture_deleted, Image)
        worker.register(
            worker.Job(bulletins.note_readers, every=timedelta(seconds=1)),
            worker.Job(bulletins.mail_waiting, every=timedelta(seconds=1)),
            worker.Job(bulletins.make_papers, every=timedelta(minutes=1)),
            worker.Job(disseminating.remind_due, every=timedelta(minutes=5)),
            worker.Job(pictures.sweep, every=timedelta(days=1)),
        )


def _article_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Tell the index and the lists, unless nobody could read the article before or can now."""
    from news.search import KIND
    from portal.models import SearchChange

    if instance.slug and not raw:
        SearchChange.record(KIND, instance.pk)


def _publication_moved(publication: Any, **kwargs: Any) -> None:
    from news.models import Article

    if isinstance(publication, Article):
        _article_changed(publication)


def _picture_deleted(instance: Any, using: str, **kwargs: Any) -> None:
    """Delete the files too, once the row is gone for good."""
    from django.db import transaction

    from news.pictures import delete_files

    transaction.on_commit(lambda: delete_files(instance), using=using)


def _change_published(change: Any, **kwargs: Any) -> None:
    """Write a draft about it, in the transaction that counts it as told."""
    from django.utils import timezone

    from news.drafting import draft_for

    draft_for(change, at=timezone.now())
