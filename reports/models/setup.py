"""What is asked and what is reported, as dated rows: an old period keeps its old forms, outlines and recipients."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from portal.fields import CharField, TextField
from portal.models import Unit
from portal.querysets import DatedQuerySet

KEY = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối.")
# Of an indicator: what formulas and templates name it by.
CODE = RegexValidator(r"^[a-z0-9]+([._][a-z0-9]+)*\Z", "Chỉ dùng chữ thường không dấu, chữ số, dấu chấm, gạch dưới.")
FORMULA = RegexValidator(r"^[a-z0-9._]+(\s*[+-]\s*[a-z0-9._]+)*\Z", "Viết mã các cột với dấu + hoặc -, ví dụ: 4+5+6.")


class Dated(models.Model):
    """A row that holds from a day to a day."""

    first_on = models.DateField("áp dụng từ ngày")
    last_on = models.DateField("đến hết ngày", null=True, blank=True)
    basis = CharField(
        "căn cứ", max_length=300, blank=True, help_text="Văn bản đặt ra, ví dụ: Thông tư 01/2020/TT-VPCP."
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def in_order(cls, name: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            name=name,
            condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
            violation_error_message="Chọn ngày cuối không trước ngày đầu.",
        )


class ReportsSettings(models.Model):
    """The one row of numbers of the data calls, in days from the last day of the period."""

    open_before = models.PositiveSmallIntegerField(
        "mở kỳ trước ngày chốt (ngày)", default=30, validators=[MaxValueValidator(90)]
    )
    units_due_after = models.SmallIntegerField(
        "hạn các đơn vị nộp, tính từ ngày chốt (ngày)",
        default=0,
        validators=[MinValueValidator(-60), MaxValueValidator(60)],
        help_text="0: nộp ngay ngày chốt (14 của tháng cuối kỳ); số âm: trước ngày chốt.",
    )
    closing_after = models.SmallIntegerField(
        "khóa nhập, tính từ ngày chốt (ngày)",
        default=1,
        validators=[MinValueValidator(-60), MaxValueValidator(90)],
        help_text="Sau ngày này đơn vị chỉ sửa được khi Văn phòng Sở mở lại.",
    )
    remind_before = CharField(
        "nhắc trước hạn (ngày)",
        max_length=40,
        default="7, 3, 1",
        validators=[RegexValidator(r"^\d{1,2}(\s*,\s*\d{1,2})*\Z", "Viết các số cách nhau dấu phẩy, ví dụ: 7, 3, 1.")],
    )
    remind_late_every = models.PositiveSmallIntegerField(
        "quá hạn thì nhắc lại sau mỗi (ngày)", default=2, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    # From how many per cent on a value asks for a second look.
    swing_percent = models.PositiveSmallIntegerField(
        "biến động lớn, từ (%)", default=50, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "cài đặt báo cáo"
        constraints = [models.CheckConstraint(name="reports_settings_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return "Cài đặt báo cáo"

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Self:
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Rhythm(models.TextChoices):
    """How often, each with the cut-offs of NĐ 09/2019 Đ12 (`portal.calendar`)."""

    MONTH = "month", "Hằng tháng"
    QUARTER = "quarter", "Hằng quý"
    SIX_MONTHS = "six_months", "Sáu tháng"
    NINE_MONTHS = "nine_months", "Chín tháng"
    YEAR = "year", "Hằng năm"


class ReportForm(Dated):
    """A table of figures (biểu mẫu): columns are indicators; rows are one, the fields, or what the source splits by."""

    class Rows(models.TextChoices):
        ONE = "one", "Một dòng"
        FIELDS = "fields", "Mỗi lĩnh vực một dòng"
        SOURCE = "source", "Theo nguồn số liệu"

    key = models.CharField("khóa", max_length=40, validators=[KEY], help_text="Giữ nguyên khi biểu mẫu đổi bản.")
    code = CharField("số hiệu", max_length=40, blank=True, help_text="Ví dụ: II.06a")
    title = CharField("tên biểu mẫu", max_length=300)
    rows = models.CharField("các dòng", max_length=6, choices=Rows, default=Rows.ONE)
    row_title = CharField("tên cột đầu", max_length=150, blank=True, help_text="Ví dụ: Lĩnh vực, công việc giải quyết")
    measure = CharField("đơn vị tính", max_length=60, blank=True, help_text="Ví dụ: Số hồ sơ TTHC")
    units = models.ManyToManyField(
        Unit,
        blank=True,
        verbose_name="đơn vị nộp",
        related_name="report_forms",
        help_text="Để trống: mọi đơn vị đang hoạt động. Chỉ dùng cho biểu có cột do đơn vị nhập.",
    )
    landscape = models.BooleanField("in khổ ngang", default=False)
    public = models.BooleanField("công khai trên trang số liệu", default=False)
    note = TextField("ghi chú cho người nhập", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "biểu mẫu"
        ordering = ["order", "key", "-first_on"]
        constraints = [
            Dated.in_order("report_form_in_order"),
            models.UniqueConstraint(
                fields=["key", "first_on"],
                name="report_form_once_from_a_day",
                violation_error_message="Biểu mẫu này đã có bản áp dụng từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"Biểu {self.code}: {self.title}" if self.code else self.title


class Indicator(models.Model):
    """A column of a form (chỉ tiêu): who supplies it, how it adds up, what it means."""

    class Supplier(models.TextChoices):
        UNITS = "units", "Đơn vị nhập"
        SYSTEM = "system", "Trang này tự tính"
        FORMULA = "formula", "Tính từ cột khác"

    class OverTime(models.TextChoices):
        """What a longer period takes of the shorter ones within it."""

        SUM = "sum", "Cộng các kỳ"
        FIRST = "first", "Lấy kỳ đầu"
        LAST = "last", "Lấy kỳ cuối"

    form = models.ForeignKey(ReportForm, models.CASCADE, related_name="indicators", verbose_name="biểu mẫu")
    code = models.CharField("mã", max_length=30, validators=[CODE], help_text="Ví dụ: 3 hoặc tin.bai")
    number = CharField("số cột", max_length=10, blank=True, help_text="Như in trên biểu, ví dụ: (3)")
    name = CharField("tên chỉ tiêu", max_length=200)
    group = CharField("nhóm cột", max_length=150, blank=True, help_text="Tiêu đề phía trên, ví dụ: Tiếp nhận")
    measure = CharField("đơn vị tính", max_length=60, blank=True)
    supplier = models.CharField("nguồn", max_length=8, choices=Supplier, default=Supplier.UNITS)
    source = models.CharField("số liệu của trang", max_length=60, blank=True)  # a key of reports.sources
    formula = models.CharField("công thức", max_length=100, blank=True, validators=[FORMULA])
    over_time = models.CharField("kỳ dài hơn", max_length=5, choices=OverTime, default=OverTime.SUM)
    required = models.BooleanField("bắt buộc", default=True, help_text="Ô trống phải ghi lý do.")
    definition = TextField("cách tính", blank=True)
    public = models.BooleanField("được công khai", default=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "chỉ tiêu"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"],
                name="indicator_once_in_a_form",
                violation_error_message="Mã này đã có trong biểu.",
            ),
            models.CheckConstraint(
                name="indicator_has_what_its_supplier_needs",
                condition=(
                    Q(supplier="units", source="", formula="")
                    | (Q(supplier="system", formula="") & ~Q(source=""))
                    | (Q(supplier="formula", source="") & ~Q(formula=""))
                ),
                violation_error_message="Chọn số liệu của trang cho cột tự tính, viết công thức cho cột có công thức.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.key}.{self.code}"

    @property
    def key(self) -> str:
        """What templates of texts and overrides name it by: "06a.3"."""
        return f"{self.form.key}.{self.code}"


class IndicatorCheck(models.Model):
    """What must hold between columns of one row: 3 = 7+11."""

    class Relation(models.TextChoices):
        EQUAL = "=", "bằng"
        AT_MOST = "<=", "không lớn hơn"

    form = models.ForeignKey(ReportForm, models.CASCADE, related_name="checks", verbose_name="biểu mẫu")
    left = models.CharField("vế trái", max_length=100, validators=[FORMULA])
    relation = models.CharField("quan hệ", max_length=2, choices=Relation, default=Relation.EQUAL)
    right = models.CharField("vế phải", max_length=100, validators=[FORMULA])
    message = CharField("câu báo khi sai", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "kiểm tra giữa các cột"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


class ReportType(Dated):
    """A report that goes to somebody at a rhythm (RULES R1): recipient, outline, when it is due."""

    key = models.CharField("khóa", max_length=40, validators=[KEY], help_text="Giữ nguyên khi mẫu báo cáo đổi bản.")
    name = CharField("tên báo cáo", max_length=200)
    rhythm = models.CharField("kỳ", max_length=11, choices=Rhythm)
    due_after = models.SmallIntegerField(
        "hạn gửi, tính từ ngày chốt (ngày)",
        default=1,
        validators=[MinValueValidator(-60), MaxValueValidator(90)],
        help_text="Ngày chốt là 14 của tháng cuối kỳ: 1 là ngày 15, 0 là trước ngày 15.",
    )
    recipient = CharField("nơi nhận báo cáo", max_length=200, help_text="Sau chữ Kính gửi, ví dụ: Sở Nội vụ")
    summary = CharField("trích yếu", max_length=300, help_text="Dùng được {ky}, ví dụ: … {ky}")
    symbol = CharField("ký hiệu", max_length=40, default="BC-SKHCN")
    copies_to = TextField("nơi nhận", blank=True, help_text="Mỗi dòng một nơi; dòng đầu “Như trên” tự thêm.")
    signer_authority = CharField("thẩm quyền ký", max_length=60, blank=True, help_text="Để trống khi Giám đốc ký.")
    signer_post = CharField("chức vụ người ký", max_length=60, default="GIÁM ĐỐC")
    forms = models.ManyToManyField(ReportForm, blank=True, verbose_name="phụ lục", related_name="report_types")

    class Meta:
        verbose_name = verbose_name_plural = "loại báo cáo"
        ordering = ["key", "-first_on"]
        constraints = [
            Dated.in_order("report_type_in_order"),
            models.UniqueConstraint(
                fields=["key", "first_on"],
                name="report_type_once_from_a_day",
                violation_error_message="Loại báo cáo này đã có bản áp dụng từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OutlinePart(models.Model):
    """A part of a report's outline: a heading, and what stands under it."""

    class Kind(models.TextChoices):
        TEXT = "text", "Đoạn văn"
        TABLE = "table", "Bảng của một biểu"
        CHART = "chart", "Biểu đồ của một biểu"
        PLAN = "plan", "Bảng nhiệm vụ của kế hoạch"
        DIFFICULTIES = "difficulties", "Khó khăn, vướng mắc"

    report_type = models.ForeignKey(ReportType, models.CASCADE, related_name="outline", verbose_name="loại báo cáo")
    key = models.CharField("khóa", max_length=40, validators=[KEY])
    number = CharField("số mục", max_length=10, blank=True, help_text="Ví dụ: I. hoặc 1. hoặc a)")
    heading = CharField("đề mục", max_length=300, blank=True)
    kind = models.CharField("nội dung", max_length=12, choices=Kind, default=Kind.TEXT)
    form = models.ForeignKey(
        ReportForm, models.PROTECT, null=True, blank=True, verbose_name="biểu mẫu", related_name="outline_parts"
    )
    template = TextField("mẫu đoạn văn", blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "mục của đề cương"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report_type", "key"],
                name="outline_part_once",
                violation_error_message="Khóa này đã có trong đề cương.",
            ),
            models.CheckConstraint(
                name="outline_part_has_its_form",
                condition=~Q(kind__in=["table", "chart"]) | Q(form__isnull=False),
                violation_error_message="Chọn biểu mẫu cho bảng, biểu đồ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip() or self.key
