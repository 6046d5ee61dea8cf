"""The Atom feed of public answers."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape

from feedback import public_register
from feedback.models import PublicAnswer
from feedback.templatetags.public_answers import first_sentence
from portal.models import Organisation

ITEMS_SHOWN = 30


class PublicAnswerFeed(Feed):
    feed_type = Atom1Feed
    language = "vi"
    title = "Câu trả lời đã công khai"
    subtitle = "Phản ánh, kiến nghị về thủ tục hành chính và câu trả lời của Sở."

    # Addresses are those of the public, whatever stands between it and this process.

    def link(self) -> str:
        return settings.BASE_URL + reverse("feedback:public-answer-list")

    def feed_url(self) -> str:
        return settings.BASE_URL + reverse("feedback:public-answer-feed")

    def feed_guid(self) -> str:
        return self.feed_url()

    def author_name(self) -> str:
        organisation = Organisation.current()
        return organisation.full_name or organisation.site_name

    def items(self) -> Iterable[PublicAnswer]:
        return public_register.latest(ITEMS_SHOWN)

    def item_title(self, item: PublicAnswer) -> str:
        return item.title

    def item_description(self, item: PublicAnswer) -> str:
        return escape(first_sentence(item))  # a summary counts as HTML

    def item_link(self, item: PublicAnswer) -> str:
        return settings.BASE_URL + item.get_absolute_url()

    def item_guid(self, item: PublicAnswer) -> str:
        return get_tag_uri(self.item_link(item), item.published_at)

    def item_pubdate(self, item: PublicAnswer) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: PublicAnswer) -> datetime | None:
        return item.published_at
