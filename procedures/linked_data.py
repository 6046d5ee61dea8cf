"""A procedure for search engines and catalogues of services: schema.org with the terms of CPSV-AP.

Facts are those of the page. A limit in working days has no ISO 8601 duration and is told in words.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.duration import duration_iso_string

from procedures import wording
from procedures.models import DossierItem, Fee, LegalBasis, SubmissionMethod
from procedures.pages import ProcedurePage

Node = dict[str, Any]

CONTEXT = [
    "https://schema.org",
    {
        "cpsv": "http://purl.org/vocab/cpsv#",
        "cv": "http://data.europa.eu/m8g/",
        "dct": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
    },
]
_DURATIONS = {SubmissionMethod.TimeUnit.DAY: "P{}D", SubmissionMethod.TimeUnit.MONTH: "P{}M"}


def service(page: ProcedurePage) -> Node:
    """Return the procedure of the page as a GovernmentService that is a cpsv:PublicService."""
    procedure = page.procedure
    url = f"{settings.BASE_URL}{procedure.get_absolute_url()}"
    node = {
        "@context": CONTEXT,
        "@type": ["GovernmentService", "cpsv:PublicService"],
        "@id": url,
        "url": url,
        "identifier": procedure.code,
        "name": procedure.title,
        "alternateName": page.full_name,
        "description": page.description,
        "inLanguage": "vi",
        "serviceType": procedure.field.name if procedure.field else "",
        "category": "Thủ tục hành chính",
        "audience": [{"@type": "Audience", "audienceType": label} for label in _audiences(page)],
        "areaServed": _named("AdministrativeArea", page.organisation.place),
        "provider": _named("GovernmentOrganization", procedure.executing_agency or page.organisation.full_name),
        "cv:hasCompetentAuthority": _named("cv:PublicOrganisation", procedure.competent_agency, "dct:title"),
        "availableChannel": [_channel(page, method) for method in page.methods],
        "cpsv:hasInput": [_paper(item) for item in procedure.items.all()],
        "cv:hasCost": [_cost(fee) for fee in procedure.fees.all() if fee.is_valid(page.on) and _is_known(fee)],
        "cpsv:produces": _named("cpsv:Output", procedure.results, "dct:title"),
        "cv:hasLegalResource": [_act(basis) for basis in procedure.legal_bases.all()],
    }
    return _filled(node)


def _filled(node: Node) -> Node:
    """Return the node without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


def _named(kind: str, name: str, term: str = "name") -> Node | None:
    return {"@type": kind, term: name} if name else None


def _audiences(page: ProcedurePage) -> list[str]:
    procedure = page.procedure
    flags = [
        (procedure.for_individuals, "Cá nhân"),
        (procedure.for_businesses, "Doanh nghiệp, hợp tác xã"),
        (procedure.for_organisations, "Cơ quan, tổ chức khác"),
    ]
    return [label for flag, label in flags if flag]


def _channel(page: ProcedurePage, method: SubmissionMethod) -> Node:
    is_online = method.channel == SubmissionMethod.Channel.ONLINE
    limit = wording.time_limit(method)
    return _filled(
        {
            "@type": "ServiceChannel",
            "name": wording.CHANNELS[method.channel],
            "serviceUrl": page.filing_url if is_online else "",
            "processingTime": _duration(method),
            "description": f"Thời hạn: {limit}" if limit else "",
        }
    )


def _duration(method: SubmissionMethod) -> str:
    if method.time_limit is None:
        return ""
    if method.time_unit == SubmissionMethod.TimeUnit.HOUR:
        return duration_iso_string(timedelta(hours=float(method.time_limit)))
    limit = Decimal(method.time_limit)
    pattern = _DURATIONS.get(SubmissionMethod.TimeUnit(method.time_unit))
    return pattern.format(int(limit)) if pattern and limit == int(limit) else ""


def _paper(item: DossierItem) -> Node:
    return _filled({"@type": "cv:Evidence", "dct:title": item.name, "dct:description": wording.quantity(item)})


def _is_known(fee: Fee) -> bool:
    return fee.state != Fee.State.UNKNOWN


def _cost(fee: Fee) -> Node:
    kind = str(fee.get_kind_display())
    return {
        "@type": "cv:Cost",
        "cv:value": fee.amount or 0,
        "cv:currency": "VND",
        "dct:description": f"{kind}: {fee.note}" if fee.note else kind,
    }


def _act(basis: LegalBasis) -> Node:
    return _filled(
        {"@type": "eli:LegalResource", "dct:identifier": basis.document.number, "dct:title": basis.document.title}
    )
