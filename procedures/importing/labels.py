"""The sources' words for channels, levels, kinds and people, and ours."""

import re

from portal.text import fold
from procedures.importing import cleaning
from procedures.models import Procedure, SubmissionMethod

Channel = SubmissionMethod.Channel

CHANNELS = {
    "online": Channel.ONLINE,
    "truc tuyen": Channel.ONLINE,
    "nop truc tuyen": Channel.ONLINE,
    "postal": Channel.POSTAL,
    "dich vu buu chinh": Channel.POSTAL,
    "buu chinh": Channel.POSTAL,
    "buu chinh cong ich": Channel.POSTAL,
    "qua dich vu buu chinh": Channel.POSTAL,
    "direct": Channel.DIRECT,
    "truc tiep": Channel.DIRECT,
    "nop truc tiep": Channel.DIRECT,
}
LEVELS = (
    ("ministry", re.compile(r"\b(?:cap bo|trung uong|bo)\b")),
    ("province", re.compile(r"\btinh\b")),
    ("district", re.compile(r"\bhuyen\b")),
    ("commune", re.compile(r"\bxa\b")),
    ("other", re.compile(r"\bco quan khac\b")),
)
BY_LAW = "TTHC được luật giao quy định chi tiết"
NOT_BY_LAW = "TTHC không được luật giao cho địa phương quy định hoặc quy định chi tiết"
REGULATION_KINDS = {
    "assigned_regulation": BY_LAW,
    "tthc duoc giao luat quy dinh chi tiet": BY_LAW,
    "tthc duoc luat giao quy dinh chi tiet": BY_LAW,
    "not_assigned_regulation": NOT_BY_LAW,
    "tthc khong duoc luat giao cho dia phuong quy dinh": NOT_BY_LAW,
    "central_regulation": "TTHC do trung ương quy định",
    "local_regulation": "TTHC do địa phương quy định",
    "other": "Loại khác",
}
ONLINE_LEVELS = {
    "toan trinh": Procedure.OnlineLevel.FULL,
    "mot phan": Procedure.OnlineLevel.PARTIAL,
    "chi cung cap thong tin": Procedure.OnlineLevel.INFO_ONLY,
    "cung cap thong tin": Procedure.OnlineLevel.INFO_ONLY,
    "chua co truc tuyen": Procedure.OnlineLevel.NONE,
    "khong": Procedure.OnlineLevel.NONE,
}
_BRACKETS = re.compile(r"\([^()]*\)")
_INDIVIDUALS = re.compile(r"\b(?:ca nhan|cong dan|nguoi|can bo|cong chuc|vien chuc|dang vien|ho gia dinh)\b")
_BUSINESSES = re.compile(r"\b(?:doanh nghiep|hop tac xa|htx|thuong nhan|ho kinh doanh|cong ty|nha dau tu)\b")
_ORGANISATIONS = re.compile(r"\b(?:to chuc|co quan|don vi)\b")


def channel(text: str | None) -> str:
    """Return the SubmissionMethod.Channel that the text names, or ""."""
    return CHANNELS.get(fold(cleaning.without_bullet(cleaning.plain(text))), "")


def levels(text: str | None) -> list[str]:
    """Return the levels that "Cấp Bộ, Cấp Tỉnh" names; none where the source does not know."""
    folded = fold(cleaning.clean(text))
    return [name for name, pattern in LEVELS if pattern.search(folded)]


def regulation_kind(text: str | None) -> str:
    cleaned = cleaning.one_line(text)
    return REGULATION_KINDS.get(fold(cleaned), cleaned)


def audience_flags(text: str) -> dict[str, bool]:
    """Return the model's flags for whom "Công dân Việt Nam, Doanh nghiệp" names."""
    folded = _BRACKETS.sub(" ", fold(text))
    return {
        "for_individuals": bool(_INDIVIDUALS.search(folded)),
        "for_businesses": bool(_BUSINESSES.search(folded)),
        "for_organisations": bool(_ORGANISATIONS.search(folded)),
    }
