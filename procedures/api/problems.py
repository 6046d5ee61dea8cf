"""What went wrong, as a machine reads it (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from procedures.api.parameters import Fault, Schema

CONTENT_TYPE = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "Tham số không đúng.",
    HTTPStatus.NOT_FOUND: "Không có nội dung này.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Địa chỉ này chỉ để đọc.",
    HTTPStatus.NOT_ACCEPTABLE: "Không có dạng dữ liệu được yêu cầu.",
}
SCHEMA: Schema = {
    "type": "object",
    "title": "Lỗi (RFC 9457)",
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Việc cần làm."},
        "parameters": {
            "type": "array",
            "description": "Từng tham số không đúng, chỉ có khi status là 400.",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["name", "detail"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}


def problem(status: HTTPStatus, detail: str, faults: list[Fault] | None = None) -> JsonResponse:
    content: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if faults:
        content["parameters"] = [{"name": fault.parameter, "detail": fault.sentence} for fault in faults]
    response = JsonResponse(
        content, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
