"""Where the public files feedback, follows it, reads answers and is asked for opinions."""

from django.urls import path

from feedback import answer_views, contact_views, feeds, filing_views, follow_up_views, receipt_views, survey_views

app_name = "feedback"

# Filing: three steps, then the receipt.
filing = [
    path("phan-anh/", filing_views.home, name="home"),
    path("phan-anh/gui/noi-dung/", filing_views.file_content, name="file-content"),
    path("phan-anh/gui/nguoi-gui/", filing_views.file_sender, name="file-sender"),
    path("phan-anh/gui/kiem-tra/", filing_views.file_check, name="file-check"),
    path("phan-anh/gui/tep/<int:pk>/", filing_views.draft_file, name="draft-file"),
    path("phan-anh/gui/xoa/", filing_views.draft_discard, name="draft-discard"),
    path("phan-anh/da-gui/", receipt_views.receipt, name="receipt"),
    path("phan-anh/da-gui/bien-nhan.pdf", receipt_views.receipt_paper, name="receipt-paper"),
]

# Following one's own with the receipt code.
following = [
    path("phan-anh/theo-doi/", follow_up_views.follow_up_form, name="follow-up-form"),
    path("phan-anh/theo-doi/<str:code>/", follow_up_views.follow_up_page, name="follow-up"),
    path("phan-anh/theo-doi/<str:code>/bo-sung/", follow_up_views.follow_up_reply, name="follow-up-reply"),
    path("phan-anh/theo-doi/<str:code>/xem-lai/", follow_up_views.follow_up_dispute, name="follow-up-dispute"),
    path("phan-anh/theo-doi/<str:code>/danh-gia/", follow_up_views.follow_up_rate, name="follow-up-rate"),
    path("phan-anh/theo-doi/<str:code>/rut/", follow_up_views.follow_up_withdraw, name="follow-up-withdraw"),
    path("phan-anh/theo-doi/<str:code>/tep/<int:pk>/", follow_up_views.follow_up_file, name="follow-up-file"),
    path("phan-anh/theo-doi/<str:code>/bien-nhan.pdf", receipt_views.follow_up_paper, name="follow-up-paper"),
]

# Answers for everybody.
answers = [
    path("phan-anh/tra-loi/", answer_views.public_answer_list, name="public-answer-list"),
    path("phan-anh/tra-loi/feed.xml", feeds.PublicAnswerFeed(), name="public-answer-feed"),
    path("phan-anh/tra-loi/<int:number>/", answer_views.public_answer, name="public-answer"),
]

# Whom to address.
contact = [path("lien-he/thong-bao/", contact_views.notice, name="notice")]

# Opinions asked for.
surveys = [
    path("lay-y-kien/", survey_views.survey_list, name="survey-list"),
    path("lay-y-kien/<slug:slug>/", survey_views.survey, name="survey"),
    path("lay-y-kien/<slug:slug>/ket-qua/", survey_views.survey_results, name="survey-results"),
    path("huu-ich/<str:code>/", survey_views.page_vote, name="page-vote"),
]

urlpatterns = [*filing, *following, *answers, *contact, *surveys]
