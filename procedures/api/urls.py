from django.urls import path, re_path

from procedures.api import endpoints, openapi, views
from procedures.api.operations import OPERATIONS, Operation

app_name = "api"


def _route(operation: Operation) -> str:
    return "v1/" + operation.route.replace("{", "<str:").replace("}", ">")


urlpatterns = [
    path("", views.guide, name="guide"),
    path("v1/", endpoints.not_found, name="root"),
    path("v1/openapi.json", openapi.description, name="openapi"),
    *(path(_route(operation), endpoints.of(operation), name=operation.name) for operation in OPERATIONS),
    # Programs that ask for something else are told so in their own language.
    re_path("^v1/", endpoints.not_found),
]
