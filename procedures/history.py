"""Which rows make one record: a version of a procedure holds them all, whoever saves it."""

import reversion

from procedures.models import DossierCase, DossierItem, Fee, LegalBasis, Procedure, SubmissionMethod

PARTS = (SubmissionMethod, Fee, DossierCase, DossierItem, LegalBasis)


def register() -> None:
    """Register the models once; imports outside the admin need it as well."""
    if reversion.is_registered(Procedure):
        return
    for part in PARTS:
        reversion.register(part)
    reversion.register(Procedure, follow=["methods", "fees", "cases", "items", "legal_bases"])
