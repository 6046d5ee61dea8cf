"""Who asked to be told of changes, or of each bulletin, by e-mail. The address is the only thing kept of a person."""

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string

from procedures.models.change import ProcedureChange
from procedures.models.field import Field
from procedures.models.procedure import Procedure
from procedures.querysets import SubscriptionQuerySet

TOKEN_LENGTH = 43  # of letters and digits: 256 bits


def new_token() -> str:
    return get_random_string(TOKEN_LENGTH)


class Subscription(models.Model):
    """An address that hears of the changes of one procedure, of one field or of all, or gets each bulletin."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", "Ngay khi công bố"
        DAILY = "daily", "Mỗi ngày một thư"

    email = models.EmailField("thư điện tử")
    procedure = models.ForeignKey(
        Procedure, models.CASCADE, null=True, blank=True, verbose_name="thủ tục", related_name="subscriptions"
    )
    field = models.ForeignKey(
        Field, models.CASCADE, null=True, blank=True, verbose_name="lĩnh vực", related_name="subscriptions"
    )
    bulletin = models.BooleanField("bản tin", default=False)
    frequency = models.CharField("cách gửi", max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    # The secret in the address that ends the subscription; whoever has the mail may use it.
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField("hỏi lúc")
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đăng ký nhận tin"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="subscription_to_one_thing",
                condition=Q(procedure=None, field=None)
                | Q(procedure=None, bulletin=False)
                | Q(field=None, bulletin=False),
            ),
            models.UniqueConstraint(
                fields=["email", "procedure"], condition=Q(procedure__isnull=False), name="subscription_procedure_once"
            ),
            models.UniqueConstraint(
                fields=["email", "field"], condition=Q(field__isnull=False), name="subscription_field_once"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(procedure=None, field=None, bulletin=False),
                name="subscription_all_once",
            ),
            models.UniqueConstraint(fields=["email"], condition=Q(bulletin=True), name="subscription_bulletin_once"),
        ]

    def __str__(self) -> str:
        return self.subject if self.bulletin else f"{self.subject}, {self.get_frequency_display().lower()}"

    @property
    def subject(self) -> str:
        """What it tells of, in words."""
        if self.bulletin:
            return "bản tin của Sở"
        if self.procedure:
            return f"thủ tục “{self.procedure.title}”"
        return f"lĩnh vực {self.field.name}" if self.field else "mọi thủ tục của Sở"

    @property
    def occasion(self) -> str:
        """When a mail is sent, in words that follow "khi" (when)."""
        return "ra số bản tin mới" if self.bulletin else f"có thay đổi về {self.subject}"

    @property
    def schedule(self) -> str:
        """How soon after that it is sent, in words."""
        return "mỗi số một thư" if self.bulletin else self.get_frequency_display().lower()


class Delivery(models.Model):
    """A change that a subscriber hears of; there is one at most, so nothing is told twice."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(ProcedureChange, models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField()  # from when on a mail may tell it
    mailed_at = models.DateTimeField(null=True)  # when that mail was put into the queue

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "change"], name="delivery_once"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.change} → {self.subscription_id}"
