"""A NUL character, which no text of the database may hold, is refused in words wherever it comes in."""

import pytest

from incidents.models import Incident
from tests import world
from tests.kpi_portal.speaking import Speaker

pytestmark = pytest.mark.django_db
NUL = "\0"


@pytest.fixture
def signed_in(client):
    client.force_login(world.person("陈思雨", account=True).account)
    return client


@pytest.mark.parametrize("address", ["/employees/?q=a%00b", "/?a%00b=1", "/api/schema/?x=%00", "/team/2026-10%00/"])
def test_in_an_address_it_gets_a_page_that_says_what_to_do(signed_in, address):
    page = signed_in.get(address)

    assert page.status_code == 400
    assert "看不见的字符" in page.text
    assert "从菜单里重新进" in page.text


def test_an_address_without_one_is_answered(signed_in):
    assert signed_in.get("/?q=a%20b").status_code == 200


def test_in_a_form_nothing_is_written_and_the_page_says_how_to_go_on(signed_in):
    page = signed_in.post("/incidents/new/", {"description": f"漏{NUL}记", "place": "大厅"})

    assert page.status_code == 400
    assert "删掉，重新打一遍再提交" in page.text
    assert not Incident.objects.exists()


def test_whoever_is_not_signed_in_gets_the_same_page(client):
    for typed in ({"login": f"E0105{NUL}", "password": "x"}, {f"lo{NUL}gin": "E0105"}):
        assert client.post("/login/", typed).status_code == 400


def test_a_part_of_a_page_gets_words_for_its_toast(signed_in):
    answer = signed_in.post("/incidents/new/hints/", {"description": NUL}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text.startswith("填的内容里有一个看不见的字符")


def test_in_a_cookie_it_is_refused_before_anybody_looks_for_the_session(client):
    client.cookies["sessionid"] = f"abcdefgh{NUL}"

    assert client.get("/").status_code == 400


def test_the_api_refuses_it_in_an_address_as_it_refuses_any_wrong_request(signed_in):
    for address in ("/api/v1/incidents/?state=%00", "/api/v1/calls/%00/"):
        answer = signed_in.get(address)
        assert answer.status_code == 400
        assert "看不见的字符" in answer.json()["detail"]


def test_the_api_says_which_field_of_a_body_has_it():
    speaker = Speaker(world.person("陈思雨", account=True))

    answer = speaker.post("incidents/", {"description": f"漏{NUL}记"})

    assert answer.status_code == 400
    assert "description" in answer.json()
