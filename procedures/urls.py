from django.urls import path

from procedures import (
    change_views,
    document_views,
    download_views,
    feeds,
    form_views,
    process_views,
    subscription_views,
    table_views,
    version_views,
    views,
)

app_name = "procedures"

# Included at the root, so that the sections beside the catalogue share its names ("procedures:…").
urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure-list"),
    path("thu-tuc/goi-y/", views.suggestions, name="suggestions"),
    path("thu-tuc/tai-ve/thu-tuc.<slug:extension>", download_views.catalogue_download, name="catalogue-download"),
    path("thu-tuc/linh-vuc/<slug:slug>/", views.field_detail, name="field-detail"),
    path("thu-tuc/linh-vuc/<slug:slug>/feed.xml", feeds.FieldFeed(), name="field-change-feed"),
    path("thu-tuc/<str:code>/feed.xml", feeds.ProcedureFeed(), name="procedure-change-feed"),
    path("thu-tuc/<str:code>/", views.procedure_detail, name="procedure-detail"),
    path("thu-tuc/<str:code>/anh-chia-se.png", views.procedure_card, name="procedure-card"),
    path("thu-tuc/<str:code>/ngay/", version_views.choose_day, name="procedure-day"),
    path("thu-tuc/<str:code>/ngay/<str:day>/", version_views.procedure_as_of, name="procedure-as-of"),
    path("thu-tuc/<str:code>/mau/<slug:word>/", form_views.form, name="form"),
    path("thu-tuc/<str:code>/ngay/<str:day>/mau/<slug:word>/", form_views.form_as_of, name="form-as-of"),
    path("thu-tuc/<str:code>/thay-doi/<int:number>/", version_views.compare, name="procedure-compare"),
    path("van-ban/", document_views.document_list, name="document-list"),
    path("van-ban/<slug:slug>/", document_views.document_detail, name="document-detail"),
    path("quy-trinh-noi-bo/", process_views.process_list, name="process-list"),
    path("quy-trinh-noi-bo/<str:code>/", process_views.process_detail, name="process-detail"),
    path("gia-dich-vu/", table_views.price_list, name="price-list"),
    path("gia-dich-vu/gia-dich-vu.<slug:file_type>", table_views.price_download, name="price-download"),
    path("phi-le-phi/", table_views.fee_list, name="fee-list"),
    path("phi-le-phi/phi-le-phi.<slug:file_type>", table_views.fee_download, name="fee-download"),
    path("thay-doi/", change_views.change_list, name="change-list"),
    path("thay-doi/feed.xml", feeds.ChangeFeed(), name="change-feed"),
    path("thay-doi/niem-yet/<slug:slug>/", change_views.posting, name="posting"),
    path("nhan-tin/da-gui/", subscription_views.sent, name="subscription-sent"),
    path("nhan-tin/xac-nhan/<str:signed>/", subscription_views.confirm, name="subscription-confirm"),
    path("nhan-tin/thoi/<str:token>/", subscription_views.end, name="subscription-end"),
]
