"""Log-in, first passwords, throttling (T-34, T-35 of a system that decides pay)."""

import pytest
from django.urls import reverse

from people.facts import SYSTEM, Standing
from people.models import Account
from people.services.accounts import issue_password
from tests.world import person

pytestmark = pytest.mark.django_db
NEW = "guang-an-men-37"


@pytest.fixture
def agent():
    return person("陈思雨", number="E0231")


def log_in(client, number: str, password: str):
    return client.post(reverse("account_login"), {"login": number, "password": password})


def test_an_issued_password_leads_to_choosing_ones_own_and_nowhere_else(client, agent):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())
    log_in(client, "E0231", issued)

    for address in ("/", "/people/", "/rota/"):
        assert client.get(address).headers["Location"] == reverse("account_change_password")

    chosen = {"oldpassword": issued, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), chosen).status_code == 302
    assert client.get("/people/").status_code == 200
    assert not Account.objects.get(username="E0231").must_change_password


def test_a_weak_own_password_is_refused_in_words(client, agent):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())
    log_in(client, "E0231", issued)

    page = client.post(
        reverse("account_change_password"), {"oldpassword": issued, "password1": "12345678", "password2": "12345678"}
    )

    assert page.status_code == 200
    assert Account.objects.get(username="E0231").must_change_password


def test_unknown_and_known_numbers_get_the_same_answer(client, agent):
    issue_password(agent.pk, by=SYSTEM, standing=Standing())

    known, unknown = log_in(client, "E0231", "wrong"), log_in(client, "E9999", "wrong")

    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_guessing_is_stopped_after_five_tries_even_with_the_right_password(client, agent):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())
    for _guess in range(5):
        log_in(client, "E0231", "wrong")

    log_in(client, "E0231", issued)

    assert "_auth_user_id" not in client.session


def test_another_host_header_does_not_begin_the_count_anew(client, agent):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())
    for port in range(5):
        wrong = {"login": " e0231" if port % 2 else "E0231", "password": "wrong"}
        client.post(reverse("account_login"), wrong, headers={"host": f"localhost:{8000 + port}"})

    client.post(reverse("account_login"), {"login": "E0231", "password": issued}, headers={"host": "localhost:9000"})

    assert "_auth_user_id" not in client.session


def test_a_new_password_ends_the_other_sessions(client, agent, django_user_model):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())
    Account.objects.update(must_change_password=False)
    log_in(client, "E0231", issued)
    assert client.get("/people/").status_code == 200

    issue_password(agent.pk, by=SYSTEM, standing=Standing())

    assert client.get("/people/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_log_in_never_leads_to_another_site(client, agent, target):
    issued = issue_password(agent.pk, by=SYSTEM, standing=Standing())

    answer = client.post(reverse("account_login"), {"login": "E0231", "password": issued, "next": target})

    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_signed_in_pages_stay_out_of_every_cache(client, agent):
    issue_password(agent.pk, by=SYSTEM, standing=Standing())
    Account.objects.update(must_change_password=False)
    client.force_login(Account.objects.get(username="E0231"))

    assert "no-store" in client.get("/people/").headers["Cache-Control"]
