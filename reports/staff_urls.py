"""The staff's addresses under /quan-tri/bao-cao/; every view is wrapped in `admin.site.admin_view`."""

from typing import Any

app_name = "reports-staff"
urlpatterns: list[Any] = []
