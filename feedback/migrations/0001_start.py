import django.db.models.deletion
import feedback.fields
import feedback.models.attachment
import portal.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("portal", "0007_team_member"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("procedures", "0013_bulletin_subscriptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FocalPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    portal.fields.CharField(
                        help_text="Ví dụ: Cán bộ đầu mối - Văn phòng Sở",
                        max_length=150,
                        verbose_name="họ tên hoặc vị trí",
                    ),
                ),
                ("job_title", portal.fields.CharField(blank=True, max_length=150, verbose_name="chức vụ")),
                (
                    "receives_rest",
                    models.BooleanField(
                        default=False,
                        help_text="Thường là đầu mối của Văn phòng Sở.",
                        verbose_name="nhận phản ánh chưa rõ nơi xử lý",
                    ),
                ),
                (
                    "phone",
                    portal.fields.CharField(
                        blank=True,
                        help_text="Số công khai để nhận phản ánh (NĐ 20/2008 Đ10).",
                        max_length=40,
                        verbose_name="điện thoại chuyên dùng",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử")),
                ("address", portal.fields.CharField(blank=True, max_length=300, verbose_name="địa chỉ thư tín")),
                ("hours", portal.fields.CharField(blank=True, max_length=200, verbose_name="giờ làm việc")),
                (
                    "answers_within",
                    portal.fields.CharField(blank=True, max_length=150, verbose_name="bao lâu có câu trả lời"),
                ),
                ("first_on", models.DateField(verbose_name="từ ngày")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="thứ tự")),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deputy_for",
                        to="feedback.focalperson",
                        verbose_name="người thay",
                    ),
                ),
                (
                    "fields",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Lĩnh vực nhận phản ánh. Để trống: nhận việc chung của đơn vị.",
                        related_name="focal_persons",
                        to="procedures.field",
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "procedures",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Thủ tục giao cho người này dù lĩnh vực do người khác nhận.",
                        related_name="focal_persons",
                        to="procedures.procedure",
                        verbose_name="thủ tục giao riêng",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="focal_persons",
                        to="portal.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="focal_seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "đầu mối tiếp nhận",
                "verbose_name_plural": "đầu mối tiếp nhận",
                "ordering": ["unit__order", "order", "first_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on", None), ("last_on__gte", models.F("first_on")), _connector="OR"),
                        name="focal_person_in_order",
                        violation_error_message="Chọn ngày cuối không trước ngày đầu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(editable=False, max_length=8, unique=True, verbose_name="mã biên nhận")),
                (
                    "register_year",
                    models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name="năm vào sổ"),
                ),
                (
                    "register_number",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="số vào sổ"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("suspected", "Nghi thư rác"),
                            ("spam", "Thư rác"),
                            ("received", "Đã nhận"),
                            ("registered", "Đã vào sổ, chờ phân loại"),
                            ("handling", "Đang xử lý"),
                            ("asked", "Chờ người gửi bổ sung"),
                            ("collecting", "Chưa đủ cơ sở, tiếp tục tập hợp"),
                            ("answered", "Đã trả lời"),
                            ("disputed", "Người gửi đề nghị xem lại"),
                            ("rejected", "Không tiếp nhận"),
                            ("redirected", "Khiếu nại, tố cáo: đã hướng dẫn"),
                            ("forwarded", "Đã chuyển cơ quan khác"),
                            ("merged", "Gộp vào phản ánh trùng"),
                            ("withdrawn", "Người gửi rút"),
                        ],
                        default="received",
                        editable=False,
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Trang của Sở"),
                            ("letter", "Thư, văn bản"),
                            ("email", "Thư điện tử"),
                            ("phone", "Điện thoại"),
                            ("visit", "Đến trực tiếp"),
                            ("referral", "Cơ quan khác chuyển đến"),
                        ],
                        default="web",
                        max_length=10,
                        verbose_name="kênh tiếp nhận",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="nhận lúc")),
                (
                    "external_reference",
                    portal.fields.CharField(
                        blank=True,
                        help_text="Số trên hệ thống phản ánh quốc gia, số công văn.",
                        max_length=100,
                        verbose_name="số của nơi chuyển đến",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("conduct", "Giải quyết chậm, gây phiền hà hoặc không đúng quy định"),
                            ("unfit", "Quy định không phù hợp với thực tế"),
                            ("inconsistent", "Quy định chồng chéo, không thống nhất hoặc trái luật"),
                            ("solution", "Đề xuất cách sửa hoặc quy định mới"),
                            ("other", "Việc khác"),
                        ],
                        max_length=12,
                        verbose_name="việc phản ánh",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("report", "Phản ánh"), ("proposal", "Kiến nghị")],
                        default="report",
                        editable=False,
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                (
                    "content_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("conduct", "Chậm trễ, gây phiền hà, không thực hiện, thực hiện không đúng quy định"),
                            ("unfit", "Quy định không phù hợp với thực tế"),
                            ("inconsistent", "Quy định không đồng bộ, thiếu thống nhất"),
                            ("illegal", "Quy định không hợp pháp"),
                            ("treaty", "Quy định trái với điều ước quốc tế"),
                            ("other", "Vấn đề khác"),
                            ("solution", "Đề xuất phương án xử lý"),
                            ("new_rule", "Sáng kiến ban hành quy định mới"),
                        ],
                        max_length=12,
                        verbose_name="nội dung theo NĐ 20/2008 Điều 5",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        choices=[("conduct", "Hành vi hành chính"), ("regulation", "Quy định hành chính")],
                        max_length=10,
                        verbose_name="đối tượng phản ánh",
                    ),
                ),
                (
                    "time_class",
                    models.CharField(
                        choices=[
                            ("ordinary", "Thông thường"),
                            ("conduct", "Hành vi hành chính"),
                            ("complex", "Phức tạp"),
                        ],
                        default="ordinary",
                        max_length=10,
                        verbose_name="loại thời hạn",
                    ),
                ),
                ("dossier_code", portal.fields.CharField(blank=True, max_length=60, verbose_name="mã số hồ sơ")),
                ("title", portal.fields.CharField(max_length=150, verbose_name="tiêu đề")),
                ("content", portal.fields.TextField(verbose_name="nội dung")),
                ("proposed_solution", portal.fields.TextField(blank=True, verbose_name="đề xuất cách giải quyết")),
                (
                    "sender_kind",
                    models.CharField(
                        choices=[("person", "Cá nhân"), ("organisation", "Doanh nghiệp, tổ chức")],
                        default="person",
                        max_length=12,
                        verbose_name="gửi với tư cách",
                    ),
                ),
                (
                    "organisation_name",
                    feedback.fields.PersonalField(
                        blank=True, default="", null=True, verbose_name="tên doanh nghiệp, tổ chức"
                    ),
                ),
                (
                    "sender_name",
                    feedback.fields.PersonalField(
                        blank=True, default="", null=True, verbose_name="họ và tên người gửi"
                    ),
                ),
                ("address", feedback.fields.PersonalField(blank=True, default="", null=True, verbose_name="địa chỉ")),
                ("phone", feedback.fields.PersonalField(blank=True, default="", null=True, verbose_name="điện thoại")),
                ("email", feedback.fields.PersonalField(blank=True, default="", null=True, verbose_name="thư điện tử")),
                ("contact_key", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                (
                    "publish_name_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="đồng ý nêu tên lúc"),
                ),
                (
                    "news_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="đồng ý nhận tin lúc"),
                ),
                ("forward_due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="hạn chuyển")),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="thời hạn trả lời (ngày làm việc)"
                    ),
                ),
                (
                    "extra_days",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="gia hạn thêm (ngày làm việc)"
                    ),
                ),
                (
                    "answer_from_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="tính hạn trả lời từ ngày"),
                ),
                ("answer_due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="hạn trả lời")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="trả lời lúc"),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="kết thúc lúc")),
                (
                    "forwarded_to",
                    portal.fields.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="cơ quan nhận chuyển"
                    ),
                ),
                ("forwarded_url", models.URLField(blank=True, editable=False, verbose_name="trang của cơ quan nhận")),
                (
                    "suspicion",
                    portal.fields.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="lý do nghi thư rác"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "erased_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="đã xóa dữ liệu cá nhân lúc"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="procedures.field",
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "focal_person",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="feedback.focalperson",
                        verbose_name="đầu mối xử lý",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="feedback.submission",
                        verbose_name="gộp vào",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="procedures.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="portal.unit",
                        verbose_name="đơn vị xử lý",
                    ),
                ),
            ],
            options={
                "verbose_name": "phản ánh, kiến nghị",
                "verbose_name_plural": "phản ánh, kiến nghị",
                "ordering": ["-received_at", "-pk"],
                "permissions": [
                    ("handle_submission", "Xử lý phản ánh giao cho đơn vị mình"),
                    ("triage_submission", "Phân loại, giao việc, theo dõi mọi phản ánh"),
                    ("head_submission", "Duyệt trả lời và nhận báo quá hạn của đơn vị mình"),
                    ("read_sender", "Xem người gửi của phản ánh được giao"),
                    ("erase_submission", "Xuất, xóa dữ liệu cá nhân theo yêu cầu"),
                ],
                "indexes": [
                    models.Index(fields=["status", "answer_due_on"], name="feedback_su_status_962b02_idx"),
                    models.Index(fields=["unit", "status"], name="feedback_su_unit_id_122cbc_idx"),
                    models.Index(fields=["received_at"], name="feedback_su_receive_54f90a_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("register_year", "register_number"), name="submission_register_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("register_number", None), ("register_year", None)),
                            models.Q(("register_number__isnull", False), ("register_year__isnull", False)),
                            _connector="OR",
                        ),
                        name="submission_register_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["suspected", "spam", "received"]),
                            ("register_number__isnull", False),
                            _connector="OR",
                        ),
                        name="submission_in_register",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="submission_merged_into_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="lúc")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("view", "Xem hồ sơ"),
                            ("file", "Mở tệp"),
                            ("print", "In, tải hồ sơ"),
                            ("export", "Xuất dữ liệu"),
                        ],
                        max_length=6,
                        verbose_name="cách",
                    ),
                ),
                ("detail", portal.fields.CharField(blank=True, max_length=200, verbose_name="chi tiết")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xem",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "nhật ký xem dữ liệu cá nhân",
                "verbose_name_plural": "nhật ký xem dữ liệu cá nhân",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Chờ duyệt"),
                            ("approved", "Đã duyệt, chờ gửi"),
                            ("sent", "Đã gửi"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("explained", "Giải thích, hướng dẫn"),
                            ("remedied", "Đã khắc phục, xử lý"),
                            ("amended", "Sửa đổi, bãi bỏ theo thẩm quyền"),
                            ("proposed", "Kiến nghị cấp có thẩm quyền sửa đổi"),
                            ("new_rule", "Ban hành hoặc kiến nghị quy định mới"),
                            ("unfounded", "Phản ánh không đúng thực tế"),
                        ],
                        default="explained",
                        max_length=10,
                        verbose_name="kết quả",
                    ),
                ),
                ("text", portal.fields.TextField(verbose_name="nội dung trả lời")),
                ("document_number", portal.fields.CharField(blank=True, max_length=60, verbose_name="số văn bản")),
                ("document_on", models.DateField(blank=True, null=True, verbose_name="ngày văn bản")),
                ("written_at", models.DateTimeField(verbose_name="soạn lúc")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="gửi lúc")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người soạn",
                    ),
                ),
            ],
            options={
                "verbose_name": "câu trả lời",
                "verbose_name_plural": "câu trả lời",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "sent"), _negated=True),
                        fields=("submission",),
                        name="one_answer_in_the_making",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("written_by", None),
                            models.Q(("approved_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="answer_approved_by_another",
                        violation_error_message="Người soạn không tự duyệt câu trả lời của mình.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "time_class",
                    models.CharField(
                        choices=[
                            ("ordinary", "Thông thường"),
                            ("conduct", "Hành vi hành chính"),
                            ("complex", "Phức tạp"),
                        ],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="số ngày làm việc")),
                ("first_on", models.DateField(verbose_name="áp dụng từ ngày")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("basis", portal.fields.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
            ],
            options={
                "verbose_name": "thời hạn trả lời",
                "verbose_name_plural": "thời hạn trả lời",
                "ordering": ["time_class", "-first_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("working_days__gte", 1)), name="answer_time_of_a_day_or_more"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on", None), ("last_on__gte", models.F("first_on")), _connector="OR"),
                        name="answer_time_in_order",
                        violation_error_message="Chọn ngày cuối không trước ngày đầu.",
                    ),
                    models.UniqueConstraint(
                        fields=("time_class", "first_on"),
                        name="answer_time_once_from_a_day",
                        violation_error_message="Loại này đã có thời hạn áp dụng từ ngày đó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sufficient", models.BooleanField(verbose_name="đủ cơ sở")),
                (
                    "necessary",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="cần thiết",
                    ),
                ),
                (
                    "reasonable",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="hợp lý, hợp pháp",
                    ),
                ),
                (
                    "simple",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="đơn giản, dễ hiểu",
                    ),
                ),
                (
                    "feasible",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="khả thi",
                    ),
                ),
                (
                    "consistent",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="thống nhất, đồng bộ",
                    ),
                ),
                (
                    "treaties",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_relevant", "Không liên quan")],
                        max_length=12,
                        verbose_name="phù hợp điều ước quốc tế",
                    ),
                ),
                ("remark", portal.fields.TextField(blank=True, verbose_name="nhận xét")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đánh giá",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessment", to="feedback.submission"
                    ),
                ),
            ],
            options={
                "verbose_name": "đánh giá theo tiêu chí",
                "verbose_name_plural": "đánh giá theo tiêu chí",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=43, unique=True)),
                ("content", feedback.fields.PersonalField(blank=True, default="", null=True, verbose_name="nội dung")),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "submission",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="feedback.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("sender", "Trao đổi với người gửi"), ("staff", "Ghi chú nội bộ")],
                        max_length=6,
                        verbose_name="ai đọc được",
                    ),
                ),
                ("from_sender", models.BooleanField(default=False, verbose_name="của người gửi")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("text", portal.fields.TextField(verbose_name="nội dung")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người viết",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "trao đổi, ghi chú",
                "verbose_name_plural": "trao đổi, ghi chú",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=60,
                        storage=feedback.models.attachment._storage,
                        upload_to=feedback.models.attachment._file_name,
                        verbose_name="tệp",
                    ),
                ),
                ("name", portal.fields.CharField(max_length=120, verbose_name="tên tệp")),
                (
                    "kind",
                    models.CharField(
                        choices=[("jpg", "JPG"), ("png", "PNG"), ("pdf", "PDF")], max_length=3, verbose_name="loại"
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="dung lượng")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("added_at", models.DateTimeField(verbose_name="thêm lúc")),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="feedback.answer",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="feedback.draft",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="feedback.message",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp đính kèm",
                "verbose_name_plural": "tệp đính kèm",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("draft__isnull", False), ("submission__isnull", False), _connector="OR"),
                        name="attachment_belongs_somewhere",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CannedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", portal.fields.CharField(max_length=150, verbose_name="tên mẫu")),
                (
                    "text",
                    portal.fields.TextField(
                        help_text="Dùng được: {ho_ten}, {ma}, {so}, {thu_tuc}, {ngay_nhan}, {han}, {don_vi}.",
                        verbose_name="nội dung",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="đang dùng")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Để trống: mọi đơn vị dùng.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu câu trả lời",
                "verbose_name_plural": "mẫu câu trả lời",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("view", "Xem, nhận bản sao"),
                            ("correct", "Chỉnh sửa"),
                            ("restrict", "Rút đồng ý, hạn chế xử lý"),
                            ("erase", "Xóa"),
                        ],
                        max_length=8,
                        verbose_name="yêu cầu",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="nhận ngày")),
                ("due_on", models.DateField(editable=False, verbose_name="hạn thực hiện")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="xong ngày")),
                ("result", portal.fields.TextField(blank=True, verbose_name="kết quả, lý do từ chối")),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "yêu cầu về dữ liệu cá nhân",
                "verbose_name_plural": "yêu cầu về dữ liệu cá nhân",
                "ordering": ["-received_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("receive", "Nhận"),
                            ("suspect", "Giữ lại vì nghi thư rác"),
                            ("clear", "Xác nhận không phải thư rác"),
                            ("discard", "Xác nhận thư rác"),
                            ("register", "Vào sổ"),
                            ("assign", "Giao xử lý"),
                            ("transfer", "Chuyển đơn vị khác"),
                            ("decline", "Trả lại vì không thuộc phạm vi"),
                            ("classify", "Phân loại"),
                            ("reject", "Không tiếp nhận"),
                            ("redirect", "Hướng dẫn khiếu nại, tố cáo"),
                            ("forward", "Chuyển cơ quan khác"),
                            ("ask", "Hỏi người gửi"),
                            ("reply", "Người gửi bổ sung"),
                            ("collect", "Chưa đủ cơ sở, tiếp tục tập hợp"),
                            ("resume", "Xử lý tiếp"),
                            ("extend", "Gia hạn"),
                            ("recount", "Tính lại hạn"),
                            ("assess", "Đánh giá theo tiêu chí"),
                            ("note", "Ghi chú nội bộ"),
                            ("submit_answer", "Trình câu trả lời"),
                            ("return_answer", "Trả lại câu trả lời"),
                            ("approve_answer", "Duyệt câu trả lời"),
                            ("answer", "Trả lời"),
                            ("dispute", "Người gửi đề nghị xem lại"),
                            ("rate", "Người gửi đánh giá"),
                            ("merge", "Gộp vào phản ánh trùng"),
                            ("withdraw", "Người gửi rút"),
                            ("submit_public", "Trình bản công khai"),
                            ("return_public", "Trả lại bản công khai"),
                            ("publish", "Công khai câu trả lời"),
                            ("unpublish", "Gỡ câu trả lời công khai"),
                            ("remind", "Nhắc hạn"),
                            ("escalate", "Báo lãnh đạo vì quá hạn"),
                            ("export", "Xuất dữ liệu cá nhân"),
                            ("correct", "Sửa thông tin người gửi"),
                            ("restrict", "Rút đồng ý"),
                            ("erase", "Xóa dữ liệu cá nhân"),
                        ],
                        max_length=14,
                        verbose_name="việc",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("suspected", "Nghi thư rác"),
                            ("spam", "Thư rác"),
                            ("received", "Đã nhận"),
                            ("registered", "Đã vào sổ, chờ phân loại"),
                            ("handling", "Đang xử lý"),
                            ("asked", "Chờ người gửi bổ sung"),
                            ("collecting", "Chưa đủ cơ sở, tiếp tục tập hợp"),
                            ("answered", "Đã trả lời"),
                            ("disputed", "Người gửi đề nghị xem lại"),
                            ("rejected", "Không tiếp nhận"),
                            ("redirected", "Khiếu nại, tố cáo: đã hướng dẫn"),
                            ("forwarded", "Đã chuyển cơ quan khác"),
                            ("merged", "Gộp vào phản ánh trùng"),
                            ("withdrawn", "Người gửi rút"),
                        ],
                        max_length=10,
                        verbose_name="trạng thái sau đó",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("remark", portal.fields.TextField(blank=True, verbose_name="lý do, ý kiến")),
                ("public", models.BooleanField(default=False, verbose_name="người gửi đọc được")),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người làm",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "lịch sử xử lý",
                "verbose_name_plural": "lịch sử xử lý",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["submission", "at"], name="feedback_ev_submiss_e39453_idx"),
                    models.Index(fields=["verb", "at"], name="feedback_ev_verb_97542c_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "challenge",
                    models.BooleanField(
                        default=False,
                        help_text="Chỉ bật khi trang bị gửi rác hàng loạt.",
                        verbose_name="thêm câu hỏi chống gửi tự động",
                    ),
                ),
                (
                    "most_a_day_from_address",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="số lượt gửi mỗi ngày từ một địa chỉ mạng"
                    ),
                ),
                (
                    "most_a_day_from_contact",
                    models.PositiveSmallIntegerField(default=5, verbose_name="số lượt gửi mỗi ngày của một người"),
                ),
                (
                    "dispute_days",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="số ngày được đề nghị xem lại câu trả lời"
                    ),
                ),
                (
                    "remind_before_days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="nhắc trước hạn (ngày làm việc)"),
                ),
                (
                    "escalate_after_days",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="báo lãnh đạo sau khi quá hạn (ngày làm việc)"
                    ),
                ),
                (
                    "complaints_address",
                    portal.fields.TextField(
                        blank=True,
                        help_text="Hiện trước biểu mẫu: địa chỉ, giờ tiếp công dân, điện thoại.",
                        verbose_name="nơi nhận khiếu nại, tố cáo",
                    ),
                ),
                (
                    "data_protection_contact",
                    portal.fields.CharField(blank=True, max_length=300, verbose_name="đầu mối bảo vệ dữ liệu cá nhân"),
                ),
                (
                    "signer_authority",
                    portal.fields.CharField(
                        blank=True,
                        default="TL. GIÁM ĐỐC",
                        help_text="Dòng trên chức vụ: TL., KT. hoặc TUQ. Để trống khi Giám đốc ký.",
                        max_length=60,
                        verbose_name="thẩm quyền ký giấy tiếp nhận, phiếu chuyển, thông báo",
                    ),
                ),
                (
                    "signer_post",
                    portal.fields.CharField(default="CHÁNH VĂN PHÒNG", max_length=60, verbose_name="chức vụ người ký"),
                ),
            ],
            options={
                "verbose_name": "cài đặt phản ánh, kiến nghị",
                "verbose_name_plural": "cài đặt phản ánh, kiến nghị",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="feedback_settings_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", portal.fields.CharField(max_length=200, verbose_name="sự việc")),
                ("detected_at", models.DateTimeField(verbose_name="phát hiện lúc")),
                ("description", portal.fields.TextField(verbose_name="diễn biến")),
                ("data_kinds", portal.fields.CharField(blank=True, max_length=300, verbose_name="loại dữ liệu")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="số người bị ảnh hưởng")),
                ("measures", portal.fields.TextField(blank=True, verbose_name="biện pháp đã làm")),
                (
                    "notified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="thông báo cơ quan chuyên trách lúc"),
                ),
                (
                    "notified_to",
                    portal.fields.CharField(blank=True, max_length=200, verbose_name="cơ quan đã thông báo"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="kết thúc lúc")),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
            ],
            options={
                "verbose_name": "sự cố dữ liệu cá nhân",
                "verbose_name_plural": "sự cố dữ liệu cá nhân",
                "ordering": ["-detected_at"],
            },
        ),
        migrations.CreateModel(
            name="PageRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                ("text", portal.fields.TextField(verbose_name="còn thiếu gì")),
                ("done", models.BooleanField(default=False, verbose_name="đã xem")),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_remarks",
                        to="procedures.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
            ],
            options={
                "verbose_name": "góp ý trang thủ tục",
                "verbose_name_plural": "góp ý trang thủ tục",
                "ordering": ["-day", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PageVotes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                ("helpful", models.PositiveIntegerField(default=0, verbose_name="có ích")),
                ("unhelpful", models.PositiveIntegerField(default=0, verbose_name="chưa có ích")),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_votes",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "verbose_name": "trang có hữu ích",
                "verbose_name_plural": "trang có hữu ích",
                "ordering": ["-day"],
                "constraints": [models.UniqueConstraint(fields=("procedure", "day"), name="page_votes_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_on", models.DateField(verbose_name="từ ngày")),
                ("last_on", models.DateField(null=True, verbose_name="đến ngày")),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="feedback.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["first_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("last_on", None)), fields=("submission",), name="one_pause_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveIntegerField(editable=False, null=True, unique=True, verbose_name="số công khai"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("submitted", "Chờ duyệt"),
                            ("published", "Đã công khai"),
                            ("withdrawn", "Đã gỡ"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("title", portal.fields.CharField(max_length=150, verbose_name="câu hỏi ngắn")),
                ("question", portal.fields.TextField(verbose_name="nội dung phản ánh, đã che")),
                ("answer", portal.fields.TextField(verbose_name="nội dung trả lời, đã che")),
                ("accepted_findings", portal.fields.TextField(blank=True, verbose_name="giải trình phần máy cảnh báo")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="công khai lúc"),
                ),
                (
                    "withdrawn_reason",
                    portal.fields.CharField(blank=True, editable=False, max_length=300, verbose_name="lý do gỡ"),
                ),
                (
                    "days_taken",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="số ngày làm việc đã dùng"
                    ),
                ),
                ("folded", models.TextField(default="", editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="procedures.procedurechange",
                        verbose_name="đã dẫn đến thay đổi",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người soạn",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_answer",
                        to="feedback.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "câu trả lời công khai",
                "verbose_name_plural": "câu trả lời công khai",
                "ordering": ["-published_at", "-pk"],
                "permissions": [("publish_publicanswer", "Duyệt công khai câu trả lời")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["published", "withdrawn"]), _negated=True),
                            models.Q(("number__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="public_answer_numbered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("prepared_by", None),
                            models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="public_answer_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")], verbose_name="điểm"
                    ),
                ),
                ("comment", portal.fields.TextField(blank=True, verbose_name="góp ý")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="feedback.submission"
                    ),
                ),
            ],
            options={
                "verbose_name": "đánh giá của người gửi",
                "verbose_name_plural": "đánh giá của người gửi",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__range", (1, 5))), name="rating_of_one_to_five")
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingScale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", portal.fields.CharField(max_length=100, unique=True, verbose_name="tên thang")),
            ],
            options={
                "verbose_name": "thang đánh giá",
                "verbose_name_plural": "thang đánh giá",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RatingLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.SmallIntegerField(verbose_name="điểm")),
                ("label", portal.fields.CharField(max_length=80, verbose_name="mức")),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="levels",
                        to="feedback.ratingscale",
                        verbose_name="thang",
                    ),
                ),
            ],
            options={
                "verbose_name": "mức đánh giá",
                "verbose_name_plural": "mức đánh giá",
                "ordering": ["-value"],
                "constraints": [models.UniqueConstraint(fields=("scale", "value"), name="rating_level_once")],
            },
        ),
        migrations.CreateModel(
            name="RegisterCounter",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answered", "Đã trả lời"),
                            ("forwarded", "Đã chuyển cơ quan khác"),
                            ("rejected", "Không tiếp nhận, rút, gộp"),
                            ("spam", "Thư rác"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="loại",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="số tháng giữ sau khi kết thúc")),
                ("basis", portal.fields.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
            ],
            options={
                "verbose_name": "thời hạn lưu dữ liệu cá nhân",
                "verbose_name_plural": "thời hạn lưu dữ liệu cá nhân",
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="retention_of_a_month_or_more")
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", portal.fields.CharField(max_length=200, verbose_name="tên phiếu")),
                ("slug", models.SlugField(blank=True, max_length=80, unique=True, verbose_name="đường dẫn")),
                (
                    "purpose",
                    portal.fields.TextField(
                        help_text="Nêu rõ quy định, vấn đề cần hỏi (NĐ 20/2008 Đ7.3).",
                        verbose_name="vấn đề cần lấy ý kiến",
                    ),
                ),
                ("audience", portal.fields.CharField(blank=True, max_length=300, verbose_name="đối tượng lấy ý kiến")),
                ("first_on", models.DateField(verbose_name="từ ngày")),
                ("last_on", models.DateField(verbose_name="đến hết ngày")),
                ("published", models.BooleanField(default=False, verbose_name="mở cho người dân")),
                (
                    "conclusion",
                    portal.fields.TextField(
                        blank=True,
                        help_text="Hiện cùng kết quả sau khi phiếu đóng.",
                        verbose_name="tiếp thu, giải trình",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="procedures.legaldocument",
                        verbose_name="quy định",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="procedures.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="đơn vị lấy ý kiến",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu lấy ý kiến",
                "verbose_name_plural": "phiếu lấy ý kiến",
                "ordering": ["-first_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="survey_in_order",
                        violation_error_message="Chọn ngày cuối không trước ngày đầu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    portal.fields.CharField(max_length=200, verbose_name="cơ quan, tổ chức, doanh nghiệp"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử")),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="gửi lúc")),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="nhắc lúc")),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="feedback.survey",
                        verbose_name="phiếu",
                    ),
                ),
            ],
            options={
                "verbose_name": "nơi được mời",
                "verbose_name_plural": "nơi được mời",
                "ordering": ["organisation"],
            },
        ),
        migrations.CreateModel(
            name="SurveyQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="thứ tự")),
                ("text", portal.fields.CharField(max_length=300, verbose_name="câu hỏi")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Chọn một mức của thang"),
                            ("choice", "Chọn một trong các ý"),
                            ("text", "Viết ý kiến"),
                        ],
                        default="scale",
                        max_length=6,
                        verbose_name="cách trả lời",
                    ),
                ),
                ("choices", portal.fields.TextField(blank=True, help_text="Mỗi ý một dòng.", verbose_name="các ý")),
                ("required", models.BooleanField(default=True, verbose_name="bắt buộc")),
                (
                    "scale",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.ratingscale",
                        verbose_name="thang",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="feedback.survey",
                        verbose_name="phiếu",
                    ),
                ),
            ],
            options={
                "verbose_name": "câu hỏi",
                "verbose_name_plural": "câu hỏi",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SurveyResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="ngày")),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập phiếu giấy",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="feedback.survey",
                        verbose_name="phiếu",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu đã nhận",
                "verbose_name_plural": "phiếu đã nhận",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SurveyReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.SmallIntegerField(null=True, verbose_name="điểm")),
                ("text", portal.fields.TextField(blank=True, verbose_name="ý kiến")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="feedback.surveyquestion",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="feedback.surveyresponse",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("response", "question"), name="one_reply_a_question")],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("erased", models.JSONField(verbose_name="đã xóa")),
                ("reason", portal.fields.CharField(max_length=300, verbose_name="lý do")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người làm",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tombstones",
                        to="feedback.submission",
                        verbose_name="phản ánh",
                    ),
                ),
            ],
            options={
                "verbose_name": "dữ liệu đã xóa",
                "verbose_name_plural": "dữ liệu đã xóa",
                "ordering": ["-at", "-pk"],
            },
        ),
    ]
