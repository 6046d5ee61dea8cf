from io import StringIO

import pytest
from django.core.management import call_command

from portal import demonstration, roles
from portal.models import Organisation, Unit, User
from procedures.models import Procedure
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_content(monkeypatch):
    """One procedure in place of the real content, which has tests of its own."""

    def load(*, at, progress=None):
        if Procedure.objects.exists():
            return 0
        ProcedureFactory()
        if progress:
            progress(1, 1)
        return 1

    monkeypatch.setattr("procedures.demonstration.load", load)
    monkeypatch.setattr("news.demonstration.articles.load", lambda: 0)
    monkeypatch.setattr("reports.demonstration.returns.load", lambda *, at: None)
    monkeypatch.setattr("reports.demonstration.sent.load", lambda *, progress: 0)


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("load_demonstration", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def counts():
    return [model.objects.count() for model in (Organisation, Unit, User, Procedure)]


def test_it_loads_the_department_and_its_units(small_content):
    out, _ = run()

    assert Organisation.current().full_name == "Sở Khoa học và Công nghệ tỉnh Bà Rịa - Vũng Tàu"
    assert Unit.objects.filter(name="Chi cục Tiêu chuẩn Đo lường Chất lượng").exists()
    assert "Đã nạp 1 thủ tục minh họa." in out


def test_under_debug_each_role_has_an_account_printed_with_its_password(small_content, settings):
    settings.DEBUG = True

    out, _ = run()

    assert {account.role for account in demonstration.ACCOUNTS} == set(roles.ROLES)
    for account in demonstration.ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(demonstration.PASSWORD)
        assert [group.name for group in user.groups.all()] == [account.role]
        assert user.is_staff
        assert not user.is_superuser
        assert account.username in out
    assert out.count(demonstration.PASSWORD) == len(demonstration.ACCOUNTS)


def test_without_debug_no_account_is_made_and_no_password_printed(small_content):
    out, err = run()

    assert not User.objects.exists()
    assert demonstration.PASSWORD not in out + err
    assert "Không tạo tài khoản minh họa" in err


def test_a_second_run_changes_nothing(small_content, settings):
    settings.DEBUG = True
    run()
    Organisation.objects.update(place="Thành phố Hồ Chí Minh")
    Unit.objects.filter(name=demonstration.OFFICE).update(phone="028 000 000")
    before = counts()

    run()

    assert counts() == before
    assert Organisation.current().place == "Thành phố Hồ Chí Minh"
    assert Unit.objects.get(name=demonstration.OFFICE).phone == "028 000 000"


def test_if_empty_leaves_a_catalogue_that_is_in_use_alone(small_content, settings):
    settings.DEBUG = True
    ProcedureFactory()

    out, _ = run("--if-empty")

    assert counts() == [0, 0, 0, 1]
    assert demonstration.PASSWORD not in out


def test_each_start_prints_the_accounts_but_not_a_password_that_was_changed(small_content, settings):
    settings.DEBUG = True
    run("--if-empty")
    changed = User.objects.get(username="vanphong")
    changed.set_password("mot-cau-khac-han")
    changed.save()

    out, _ = run("--if-empty")

    assert "(đã đổi)" in next(line for line in out.splitlines() if "vanphong" in line)
    assert out.count(demonstration.PASSWORD) == len(demonstration.ACCOUNTS) - 1


def test_a_load_that_fails_leaves_nothing_behind(monkeypatch):
    def fail(*, at, progress=None):
        raise RuntimeError("disk full")

    monkeypatch.setattr("procedures.demonstration.load", fail)

    with pytest.raises(RuntimeError):
        run()

    assert counts() == [0, 0, 0, 0]
