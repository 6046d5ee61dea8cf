"""The API keeps to its own description, whatever is asked of it."""

from datetime import date

import hypothesis
import pytest
import schemathesis

from portal.models import Organisation
from portal.wsgi import application
from procedures import versions
from procedures.api import openapi
from procedures.models import DocumentRelation
from tests.factories import (
    PUBLISHED_AT,
    DecisionFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)

# Committed, as a WSGI application closes the connection after each answer.
pytestmark = pytest.mark.django_db(transaction=True)


contract = schemathesis.openapi.from_dict(openapi.document(Organisation()))
contract.app = application


@pytest.fixture(autouse=True)
def _catalogue(transactional_db):
    """Something of each kind, so that lists have rows and more than one part."""
    OrganisationFactory()
    for number in range(3):
        procedure = ProcedureFactory(published=True, code=f"1.00178{number}", in_force_from=date(2026, 7, 1))
        versions.record(procedure, valid_from=date(2026, 7, 1), change=None, at=PUBLISHED_AT)
    ProcedureChangeFactory(procedure=procedure, decision=DecisionFactory(published=True))
    one, other = LegalDocumentFactory.create_batch(2)
    DocumentRelation.objects.create(document=one, target=other, kind=DocumentRelation.Kind.AMENDS)


@contract.parametrize()
@hypothesis.settings(max_examples=25, suppress_health_check=list(hypothesis.HealthCheck))
def test_every_answer_is_as_described(case):
    # The tester does not unpack what it says it could.
    case.call_and_validate(headers={"Accept-Encoding": "identity"})


def test_the_description_is_valid():
    contract.validate()


def test_the_api_gives_this_description(client):
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"] == "3.1.0"
    assert described["paths"] == contract.raw_schema["paths"]
