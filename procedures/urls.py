from django.urls import path

from procedures import views

app_name = "procedures"

urlpatterns = [
    path("", views.procedure_list, name="procedure-list"),
    path("goi-y/", views.suggestions, name="suggestions"),
    path("linh-vuc/<slug:slug>/", views.field_detail, name="field-detail"),
    path("<str:code>/", views.procedure_detail, name="procedure-detail"),
]
