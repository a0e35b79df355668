"""Parts five and six of the form's page: who holds what is open, in which month it happened, what was cut."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from appraisals.models import Form, Item, Scheme
from appraisals.states import FormState
from incidents.models import BonusKind, Involvement, Severity
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def form(cast) -> Form:
    """The agent's October form in review."""
    made = world.form(cast.agent, cast.supervisor, state=FormState.REVIEW)
    world.library_items(made)
    return made


def as_(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def page(form, person):
    return as_(person).get(reverse("appraisals:form", args=[form.pk]))


def part(form, person, code):
    return next(one for one in page(form, person).context["sheet"].parts if one.code == code)


def only(form, person, code="incidents"):
    (row,) = part(form, person, code).events
    return row


@pytest.mark.parametrize(
    ("day", "who", "words"),
    [
        ("2026-10-14", "supervisor", "等吴倩陈述，10月15日前"),
        ("2026-10-14", "agent", "等你陈述，10月15日前"),
        ("2026-10-15", "manager", "等吴倩陈述，10月15日前"),
        ("2026-10-16", "agent", "等周敏核实"),
        ("2026-10-16", "supervisor", "等你核实"),
    ],
)
def test_an_incident_waits_for_the_persons_view_until_its_term_and_then_for_the_verifier(form, cast, day, who, words):
    world.involvement(cast.agent, cast.leader, statement_due_on=date(2026, 10, 15))

    with travel(f"{day} 10:00+08:00", tick=False):
        assert only(form, getattr(cast, who)).waits == words


def test_a_stated_view_hands_it_to_the_verifier_and_whoever_found_it_verifies_nothing(form, cast):
    share = world.involvement(cast.agent, cast.supervisor, statement_due_on=date(2026, 10, 15))
    with travel("2026-10-14 10:00+08:00", tick=False):
        type(share).objects.filter(pk=share.pk).update(stated_at="2026-10-13T02:00:00Z")

        assert only(form, cast.manager).waits == "等考核小组核实"


def test_a_superior_who_filed_it_or_is_concerned_is_not_said_to_hold_it(form, cast):
    share = world.involvement(cast.agent, cast.leader)
    assert only(form, cast.manager).waits == "等周敏核实"

    with_him = Involvement.objects.create(incident=share.incident, employee=cast.supervisor, filed_points=2, points=2)
    assert only(form, cast.manager).waits == "等考核小组核实"
    with_him.delete()
    type(share.incident).objects.update(filed_by=cast.supervisor)
    assert only(form, cast.manager).waits == "等考核小组核实"


def test_of_a_superior_who_has_left_the_form_names_who_steps_in(form, cast):
    world.involvement(cast.agent, cast.leader)
    world.bonus(cast.agent, cast.officer)
    cast.supervisor.left_on = date(2026, 10, 30)
    cast.supervisor.save()

    assert only(form, cast.officer).waits == f"等{cast.manager.name}核实"
    assert only(form, cast.officer, "bonuses").waits == f"等{cast.manager.name}确认"


def test_a_bonus_waits_for_its_first_check_then_for_the_direct_superior(form, cast):
    claim = world.bonus(cast.agent)
    assert only(form, cast.manager, "bonuses").waits == "等考核小组或本区域主管初核"

    type(claim).objects.filter(pk=claim.pk).update(first_checker=cast.officer)
    assert only(form, cast.manager, "bonuses").waits == "等周敏确认"
    assert only(form, cast.supervisor, "bonuses").is_mine
    assert not only(form, cast.manager, "bonuses").is_mine
    assert reverse("incidents:decide_bonus", args=[claim.pk, "second"]) in page(form, cast.supervisor).text


def test_an_event_of_a_consolidated_month_says_so(form, cast):
    world.form(cast.agent, cast.supervisor, month=SEPTEMBER, state=FormState.PUBLISHED)
    world.involvement(cast.agent, cast.leader, cast.supervisor, day=date(2026, 9, 28))
    world.bonus(cast.agent, cast.officer, day=date(2026, 9, 28))

    assert only(form, cast.supervisor).why == "发生在9月，9月已汇总，计入本月"
    assert only(form, cast.supervisor, "bonuses").why == "发生在9月，9月已汇总，确认后计入本月"
    assert "发生在9月，9月已汇总，计入本月" in page(form, cast.agent).text


def test_an_event_of_a_month_still_open_or_of_ones_own_month_is_not_said_to_be_late(form, cast):
    september = world.form(cast.agent, cast.supervisor, month=SEPTEMBER, state=FormState.ACTIVE)
    world.involvement(cast.agent, cast.leader, cast.supervisor, day=date(2026, 9, 28))
    world.involvement(cast.agent, cast.leader, cast.supervisor, number="BL-2")

    assert [(row.event.number, row.why) for row in part(form, cast.agent, "incidents").events] == [("BL-2", "")]
    assert [(row.event.number, row.why) for row in part(september, cast.agent, "incidents").events] == [("BL-1", "")]


def test_an_event_of_a_month_without_a_form_claims_no_consolidation(form, cast):
    world.involvement(cast.agent, cast.leader, cast.supervisor, day=date(2025, 12, 30))

    assert only(form, cast.agent).why == "发生在2025年12月，计入本月"


def test_what_is_cut_stands_under_the_part_and_the_total_is_what_counts(form, cast):
    scheme = form.cycle.scheme
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**scheme.parameters, "bonus_limit": "5"})
    kind = BonusKind.objects.get(code="B01")
    for n in range(4):
        world.bonus(cast.agent, cast.officer, cast.supervisor, number=f"JF-{n}", kind=kind)
    world.bonus(cast.agent, cast.officer, cast.supervisor, number="JF-9", points="4")

    shown = part(form, cast.agent, "bonuses")

    assert shown.score == "+5.00"
    assert shown.cuts == [f"{kind.name}每月最多 3 分，超出 1 不计", "加分合计 7，本月上限 5，超出 2 不计"]
    assert "加分合计 7，本月上限 5，超出 2 不计" in page(form, cast.agent).text


def test_a_critical_incident_takes_the_bonuses_and_is_named(form, cast):
    grave = Severity.objects.get(code="L4")
    world.involvement(cast.agent, cast.leader, cast.supervisor, number="BL-2026-0007", points="20", severity=grave)
    world.bonus(cast.agent, cast.officer, cast.supervisor)

    shown = part(form, cast.agent, "bonuses")

    assert (shown.score, shown.cuts) == ("0.00", ["当月有重大事故 BL-2026-0007，加分 1 不计"])
    assert part(form, cast.agent, "incidents").score == "−20.00"


def test_a_number_is_a_link_for_whoever_may_open_the_record_and_plain_for_others(form, cast):
    share = world.involvement(cast.agent, cast.leader, cast.supervisor)
    claim = world.bonus(cast.agent, cast.officer, cast.supervisor)
    links = [
        reverse("incidents:incident", args=[share.incident_id]),
        reverse("incidents:bonus", args=[claim.pk]),
    ]
    for person in (cast.agent, cast.supervisor, cast.leader):
        for link in links:
            assert link in page(form, person).text
            assert as_(person).get(link).status_code == 200

    form.owner = owner = world.person("代管人", "KFZG", account=True)
    form.save()
    owner.region = world.region("HB", "华北区域")
    owner.save()
    seen = page(form, owner).text
    assert "BL-1" in seen
    assert not any(link in seen for link in links)
    assert [as_(owner).get(link).status_code for link in links] == [404, 404]


def test_the_calls_behind_the_figure_are_one_click_away(form, cast):
    for n in range(2):
        world.call(cast.agent, cast.supervisor, number=f"LY-{n}")
    link = f"{reverse('quality:calls')}?agent={cast.agent.number}&amp;month=2026-10"

    for person in (cast.agent, cast.supervisor):
        seen = page(form, person).text
        assert f'<a class="lk" href="{link}">2 通录音</a>' in seen


def test_a_full_form_asks_as_little_as_an_empty_one(form, cast):
    assert Item.objects.filter(form=form, data_source="monitoring").exists()
    client, address = as_(cast.supervisor), reverse("appraisals:form", args=[form.pk])
    small = statements(lambda: client.get(address))
    for n in range(20):
        world.involvement(cast.agent, cast.leader, number=f"BL-{n}", day=date(2026, 9, 1 + n))
        world.bonus(cast.agent, cast.officer, cast.supervisor, number=f"JF-{n}", points=str(Decimal(n + 1)))
        world.call(cast.agent, cast.supervisor, number=f"LY-{n}")

    assert statements(lambda: client.get(address)) == small <= 15
