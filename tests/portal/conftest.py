from datetime import date

import pytest
from django.urls import reverse

from reports.public_figures import address
from tests.factories import (
    ArticleFactory,
    OrganisationFactory,
    ProcedureFactory,
    ProcessStepFactory,
    PublicAnswerFactory,
    ReviewItemFactory,
    SentReportFactory,
    SurveyFactory,
)

PUBLIC_PAGES = [
    "home",
    "contact",
    "accessibility",
    "privacy",
    "site-map",
    "list",
    "field",
    "procedure",
    "documents",
    "document",
    "open data",
    "changes",
    "subscribe",
    "processes",
    "process",
    "prices",
    "fees",
    "news",
    "news search",
    "news section",
    "article",
    "withdrawn article",
    "reviews",
    "review",
    "feedback",
    "notice",
    "surveys",
    "survey",
    "survey results",
    "page vote",
    "answers",
    "answer",
    "withdrawn answer",
    "figures",
    "figures of a quarter",
    "missing",
]


@pytest.fixture
def organisation(db):
    return OrganisationFactory(email="vanphong@example.org", responsible="Văn phòng Sở", slogan="Chung tay cải cách")


@pytest.fixture
def procedure(db):
    return ProcedureFactory(
        published=True,
        code="2.002380",
        short_name="Cấp giấy phép sử dụng thiết bị X-quang",
        field__name="An toàn bức xạ",
        in_force_from=date(2024, 7, 1),
    )


@pytest.fixture
def article(procedure):
    found = ArticleFactory(published=True)
    found.procedures.add(procedure)
    return found


@pytest.fixture
def addresses(organisation, procedure, article):
    """The address of one page of each kind that the public sees."""
    survey = SurveyFactory(procedure=procedure)
    withdrawn = ArticleFactory(published=True, status="withdrawn", withdrawn_reason="Đăng nhầm chuyên mục.")
    return {
        **{name: reverse(name) for name in ("home", "contact", "accessibility", "privacy", "site-map")},
        "list": reverse("procedures:procedure-list"),
        "changes": reverse("procedures:change-list"),
        "subscribe": reverse("subscribe"),
        "field": procedure.field.get_absolute_url(),
        "procedure": procedure.get_absolute_url(),
        "documents": reverse("procedures:document-list"),
        "document": procedure.legal_bases.get().document.get_absolute_url(),
        "open data": reverse("api:guide"),
        "processes": reverse("procedures:process-list"),
        "process": ProcessStepFactory(process__procedure=procedure).process.get_absolute_url(),
        "prices": reverse("procedures:price-list"),
        "fees": reverse("procedures:fee-list"),
        "news": reverse("news:home"),
        "news search": reverse("news:home") + "?q=khong+co+bai+nao",
        "news section": article.section.get_absolute_url(),
        "article": article.get_absolute_url(),
        "withdrawn article": withdrawn.get_absolute_url(),
        "reviews": reverse("news:review-list"),
        "review": ReviewItemFactory(procedure=procedure).plan.get_absolute_url(),
        "feedback": reverse("feedback:home"),
        "notice": reverse("feedback:notice"),
        "surveys": reverse("feedback:survey-list"),
        "survey": survey.get_absolute_url(),
        "survey results": reverse("feedback:survey-results", args=[survey.slug]),
        "page vote": reverse("feedback:page-vote", args=[procedure.code]),
        "answers": reverse("feedback:public-answer-list"),
        "answer": PublicAnswerFactory(submission__procedure=procedure).get_absolute_url(),
        "withdrawn answer": PublicAnswerFactory(status="withdrawn", withdrawn_reason="Đăng nhầm.").get_absolute_url(),
        "figures": reverse("reports:index"),
        "figures of a quarter": address(SentReportFactory().period),
        "missing": "/khong-co-trang-nay/",
    }


@pytest.fixture(params=PUBLIC_PAGES)
def page_response(request, addresses, client):
    """What a visitor gets for each kind of page in turn."""
    return client.get(addresses[request.param])
