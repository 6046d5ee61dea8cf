from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Truyền thông, tin tức"

    def ready(self) -> None:
        # What each kind of publication must have is registered where it is written.
        from news import albums, articles  # noqa: F401
