from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from feedback import fields, rekeying
from feedback.models import Draft, Submission
from tests.factories import SubmissionFactory
from tests.feedback.cast import CAME

pytestmark = pytest.mark.django_db

OLD, NEW = "cũ" * 20, "mới" * 20


@pytest.fixture
def keys(settings):
    """Change the keys as a new start of the portal would."""
    personal = [field for found in rekeying.models_with_personal_data().values() for field in found]

    def forget():
        for field in personal:
            field.__dict__.pop("f", None)

    def use(*secrets):
        settings.PERSONAL_DATA_KEYS = list(secrets)
        forget()

    yield use
    forget()


def rotate():
    out = StringIO()
    call_command("rotate_personal_data", stdout=out, stderr=StringIO())
    return out.getvalue()


def draft(token="t" * 43):
    return Draft.objects.create(token=token, content="Người gửi đang viết", started_at=CAME, expires_at=CAME)


def test_every_model_with_personal_data_is_known():
    assert set(rekeying.models_with_personal_data()) == {Submission, Draft}
    assert all(isinstance(field, fields.PersonalField) for field in Submission._meta.fields if field.name == "phone")


def test_after_the_rotation_the_old_key_is_not_needed(keys):
    keys(OLD)
    SubmissionFactory(sender_name="Người Gửi Thử", email="")
    draft()
    keys(NEW, OLD)

    said = rotate()

    keys(NEW)
    assert Submission.objects.get().sender_name == "Người Gửi Thử"
    assert Draft.objects.get().content == "Người gửi đang viết"
    assert "Đã xem 2 dòng, mã hóa lại 2 dòng." in said


def test_run_again_it_writes_nothing(keys):
    keys(OLD)
    SubmissionFactory()
    keys(NEW, OLD)
    rotate()

    assert "mã hóa lại 0 dòng" in rotate()


def test_stopped_halfway_it_goes_on_where_it_was(keys):
    keys(OLD)
    SubmissionFactory.create_batch(5)
    keys(NEW, OLD)
    first = rekeying.Rekeyed()
    next(rekeying.rekey(first, batch=2))

    second = rekeying.Rekeyed()
    batches = list(rekeying.rekey(second, batch=2))

    assert (first.written, second.written, second.rows) == (2, 3, 5)
    assert batches == [2, 2, 1]


def test_what_no_key_opens_is_left_and_reported(keys):
    keys("mất" * 20)
    SubmissionFactory()
    keys(NEW, OLD)
    before = stored()

    with pytest.raises(CommandError, match="Còn 1 dòng"):
        rotate()

    assert stored() == before


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender_name, phone, address FROM feedback_submission")
        return cursor.fetchall()
