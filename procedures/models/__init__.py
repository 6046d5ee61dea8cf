"""The catalogue's nouns, one file a noun."""

from procedures.models.change import Decision, ProcedureChange, ProcedureVersion
from procedures.models.field import Field
from procedures.models.filing import DossierCase, DossierItem, Fee, FormFile, LegalBasis, SubmissionMethod
from procedures.models.import_batch import ImportBatch
from procedures.models.legal_document import DocumentFile, DocumentRelation, LegalDocument
from procedures.models.price import ServicePrice
from procedures.models.procedure import CODE, SHORT_NAME_LENGTH, Procedure
from procedures.models.process import HOURS_A_DAY, InternalProcess, ProcessStep
from procedures.models.source_record import SourceRecord
from procedures.models.subscription import Delivery, Subscription

__all__ = [
    "CODE",
    "HOURS_A_DAY",
    "SHORT_NAME_LENGTH",
    "Decision",
    "Delivery",
    "DocumentFile",
    "DocumentRelation",
    "DossierCase",
    "DossierItem",
    "Fee",
    "Field",
    "FormFile",
    "ImportBatch",
    "InternalProcess",
    "LegalBasis",
    "LegalDocument",
    "Procedure",
    "ProcedureChange",
    "ProcedureVersion",
    "ProcessStep",
    "ServicePrice",
    "SourceRecord",
    "SubmissionMethod",
    "Subscription",
]
