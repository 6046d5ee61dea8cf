import pytest
from cryptography.fernet import Fernet
from django.db import connection

from feedback import fields
from feedback.models import Submission
from tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings):
    """Change the keys as a new start of the portal would."""
    fields_of_a_person = [field for field in Submission._meta.fields if isinstance(field, fields.PersonalField)]

    def use(*secrets):
        settings.PERSONAL_DATA_KEYS = list(secrets)
        for field in fields_of_a_person:
            field.__dict__.pop("f", None)

    yield use
    for field in fields_of_a_person:
        field.__dict__.pop("f", None)


def stored(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM feedback_submission")
        return cursor.fetchone()[0]


def test_names_are_not_readable_in_the_database():
    SubmissionFactory(sender_name="Người gửi thử", phone="0903000000")

    assert "Người gửi thử" not in stored("sender_name")
    assert "0903000000" not in stored("phone")
    assert Submission.objects.get().sender_name == "Người gửi thử"


def test_nothing_stays_nothing():
    SubmissionFactory(email="")

    assert stored("email") is None
    assert Submission.objects.get().email == ""


def test_text_is_kept_in_nfc():
    SubmissionFactory(sender_name="Nguye\u0302\u0303n")

    assert Submission.objects.get().sender_name == "Nguyễn"


def test_an_older_key_still_opens_and_the_newest_closes(keys):
    keys("cũ" * 20)
    SubmissionFactory(sender_name="Trước khi đổi khóa")
    keys("mới" * 20, "cũ" * 20)

    submission = Submission.objects.get()
    submission.save()

    assert submission.sender_name == "Trước khi đổi khóa"
    opened = Fernet(fields._derived("mới" * 20)).decrypt(stored("sender_name").encode()).decode()
    assert opened == "Trước khi đổi khóa"


def test_without_its_key_a_name_is_refused_rather_than_shown_in_disguise(keys):
    keys("cũ" * 20)
    SubmissionFactory()
    keys("mới" * 20)

    with pytest.raises(fields.Undecipherable):
        Submission.objects.get()
