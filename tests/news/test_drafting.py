"""A draft article from what a decision changes."""

from datetime import UTC, date, datetime

import pytest
from reversion.models import Version

from news import drafting, publishing
from news.models import Article, Section
from portal import roles
from portal.admin_site import tasks
from procedures import deciding
from procedures import publishing as procedure_publishing
from procedures.models import ProcedureChange
from tests.factories import DecisionFactory, ProcedureChangeFactory, ProcedureFactory, UserFactory

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
DAY = date(2026, 11, 25)
Kind = ProcedureChange.Kind

pytestmark = pytest.mark.django_db


def public_procedure(**values):
    procedure = ProcedureFactory(in_force_from=date(2024, 1, 1), **values)
    procedure_publishing.publish(procedure, by=None, at=AT)
    return procedure


def publish(decision, capture):
    with capture(execute=True):
        deciding.publish(decision, by=None, at=AT)


def test_a_published_change_brings_a_draft_in_plain_words(django_capture_on_commit_callbacks):
    procedure = public_procedure(short_name="Cấp giấy phép")
    change = ProcedureChangeFactory(
        procedure=procedure,
        kind=Kind.REPEALED,
        sentence="Không phải xin giấy phép nữa.",
        effective_on=DAY,
        decision__document__number="15/QĐ-UBND",
    )

    publish(change.decision, django_capture_on_commit_callbacks)

    article = Article.objects.get()
    assert article.title == "Bãi bỏ thủ tục: Cấp giấy phép"
    assert article.lead == "Không phải xin giấy phép nữa. Áp dụng từ ngày 25/11/2026."
    assert "Theo Quyết định 15/QĐ-UBND" in article.body
    assert f'href="{change.get_absolute_url()}"' in article.body
    assert (article.status, article.author, article.section.slug) == ("draft", None, "pho-bien-van-ban")
    assert list(article.changes.all()) == [change]
    assert list(article.procedures.all()) == [procedure]
    assert list(article.documents.all()) == [change.decision.document]
    assert publishing.problems(article) == []
    assert Version.objects.get_for_object(article).count() == 1


def test_the_changes_of_one_decision_are_one_article(django_capture_on_commit_callbacks):
    decision = DecisionFactory(document__number="16/QĐ-UBND")
    for number in range(3):
        ProcedureChangeFactory(
            decision=decision, procedure=public_procedure(), kind=Kind.REPEALED, effective_on=DAY, order=number
        )

    publish(decision, django_capture_on_commit_callbacks)

    article = Article.objects.get()
    assert article.title == "3 thủ tục hành chính thay đổi theo Quyết định 16/QĐ-UBND"
    assert article.lead.endswith("3 thay đổi về thủ tục hành chính, áp dụng từ ngày 25/11/2026.")
    assert article.body.count("<li>") == 3
    assert article.changes.count() == 3


def test_what_was_told_is_not_written_again(django_capture_on_commit_callbacks):
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    publish(change.decision, django_capture_on_commit_callbacks)

    assert drafting.draft_for(change, at=AT) is None
    assert Article.objects.count() == 1


def test_names_are_shown_as_they_are_and_not_as_tags(django_capture_on_commit_callbacks):
    change = ProcedureChangeFactory(
        procedure=public_procedure(short_name="Cấp <b>giấy</b>"), kind=Kind.REPEALED, sentence="A & B <i>."
    )

    publish(change.decision, django_capture_on_commit_callbacks)

    body = Article.objects.get().body
    assert "Cấp &lt;b&gt;giấy&lt;/b&gt;" in body
    assert "A &amp; B &lt;i&gt;." in body


def test_without_a_section_the_others_still_hear_of_the_change(django_capture_on_commit_callbacks):
    Section.objects.all().delete()
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)

    publish(change.decision, django_capture_on_commit_callbacks)

    change.refresh_from_db()
    assert change.announced_at is not None
    assert not Article.objects.exists()


def test_an_editor_is_told_of_drafts_that_nobody_has_taken_over(django_capture_on_commit_callbacks):
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    publish(change.decision, django_capture_on_commit_callbacks)
    editor = UserFactory(role=roles.EDITOR)

    def waiting():
        return [task for task in tasks.waiting(editor, DAY) if task.title == "Bài soạn sẵn về thay đổi thủ tục"]

    assert [task.count for task in waiting()] == [1]
    publishing.submit(Article.objects.get(), by=editor, at=AT)
    assert waiting() == []
    assert Article.objects.get().author == editor
