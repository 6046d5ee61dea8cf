"""The description of the API (OpenAPI 3.1), made from the declarations that answer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from portal.models import Organisation
from procedures.api import problems
from procedures.api.endpoints import SECONDS_KEPT, endpoint
from procedures.api.operations import OPERATIONS, Operation
from procedures.api.parameters import Parameter, Schema, read_query
from procedures.api.resources import RESOURCES, Resource, address

VERSION = "1.0.0"
_HEADERS = {
    "ETag": {
        "description": "Gửi lại trong If-None-Match để nhận 304 khi chưa có gì thay đổi.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": f"Câu trả lời dùng lại được trong {SECONDS_KEPT} giây.",
        "schema": {"type": "string"},
    },
}


@endpoint
def description(request: HttpRequest) -> HttpResponse:
    read_query(request.GET, ())
    return JsonResponse(document(Organisation.current()), json_dumps_params={"ensure_ascii": False})


def document(organisation: Organisation) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Thủ tục hành chính – {organisation.full_name}",
            "version": VERSION,
            "description": (
                "Danh mục thủ tục hành chính, chỉ đọc, không cần đăng ký. Tên gọi bằng tiếng Anh, nội dung bằng "
                "tiếng Việt; tiền tính bằng đồng; ngày theo ISO 8601; điều chưa biết là null."
            ),
        },
        "externalDocs": {"url": address(reverse("api:guide")), "description": "Hướng dẫn bằng tiếng Việt"},
        "servers": [{"url": settings.BASE_URL}],
        "paths": {f"{reverse('api:root')}{each.route}": {"get": _operation(each)} for each in OPERATIONS},
        "components": {
            "schemas": {
                **{resource.name: resource.schema for resource in RESOURCES},
                **{_list_name(each.resource): _list(each.resource) for each in OPERATIONS if each.is_list},
                "Problem": problems.SCHEMA,
            },
            "responses": {
                "NotModified": {"description": "Chưa có gì thay đổi so với ETag đã gửi."},
                "BadRequest": _problem("Có tham số không đúng; parameters nêu từng tham số."),
                "NotFound": _problem("Không có nội dung này."),
                "NotAcceptable": _problem("Chỉ có dạng application/json."),
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    name = _list_name(operation.resource) if operation.is_list else operation.resource.name
    responses: dict[str, Any] = {
        "200": {
            "description": f"{operation.summary}.",
            "headers": _HEADERS,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
        },
        "304": _response("NotModified"),
        "400": _response("BadRequest"),
        "404": _response("NotFound"),
        "406": _response("NotAcceptable"),
    }
    if not any(parameter.place == "path" for parameter in operation.parameters):
        del responses["404"]
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": responses,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }
    if parameter.example:
        kind = parameter.schema["type"]
        described["example"] = int(parameter.example) if kind == "integer" else parameter.example
    return described


def _list_name(resource: Resource) -> str:
    return f"{resource.name}List"


def _list(resource: Resource) -> Schema:
    return {
        "type": "object",
        "title": f"Danh sách: {resource.title}",
        "properties": {
            "items": {"type": "array", "items": resource.reference},
            "next": {
                "type": ["string", "null"],
                "format": "uri",
                "description": "Địa chỉ của phần tiếp theo; null khi đã hết.",
            },
            "total": {"type": "integer", "minimum": 0, "description": "Số dòng của cả danh sách."},
        },
        "required": ["items", "next", "total"],
        "additionalProperties": False,
    }


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {problems.CONTENT_TYPE: {"schema": schema}}}


def _response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}
