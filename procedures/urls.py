from django.urls import path

from procedures import views

app_name = "procedures"

# Included at the root, so that the sections beside the catalogue share its names ("procedures:…").
urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure-list"),
    path("thu-tuc/goi-y/", views.suggestions, name="suggestions"),
    path("thu-tuc/linh-vuc/<slug:slug>/", views.field_detail, name="field-detail"),
    path("thu-tuc/<str:code>/", views.procedure_detail, name="procedure-detail"),
]
