"""Jobs: the row is the truth; woken twice or by a worker that came back late, nothing is lost or doubled."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Figure
from appraisals.states import FormState
from common.errors import RuleError
from people.models import Account, DutyTurn
from people.selectors import standing_of
from scoring import tasks
from scoring.models import Job, Result
from scoring.permissions import can_view_job, visible_jobs
from scoring.selectors.jobs import overdue_jobs
from scoring.services.jobs import MOST_CLAIMS, claim_job, fail_job, request_job, run_chunk
from scoring.states import JobKind, JobState
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(month) -> Job:
    """A job over the whole month, asked for by the duty officer."""
    return request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer)


def test_a_job_does_the_whole_month_and_says_what_it_could_not(month, job):
    Figure.objects.filter(item__form=month.form, item__name="差错").delete()

    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert [(row["name"], row["waits"]) for row in job.refused] == [("吴倩", "“差错”缺数据（周敏）")]
    assert Result.objects.count() == 2


def test_a_job_of_a_region_or_of_some_keeps_to_them(month):
    far = world.graded(world.person("远方", superior=month.supervisor))
    far.region = world.region("HB", "华北区域")
    far.save()
    world.ready_form(far, month.supervisor)
    region = request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer, region_id=far.region_id)
    tasks.run_job(region.pk)
    some = request_job(
        month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer, form_ids=[month.form.pk, month.second_form.pk]
    )
    tasks.run_job(some.pk)

    assert (region.total, some.total, Result.objects.count()) == (1, 2, 3)


def test_publishing_is_a_job_too(month, job):
    tasks.run_job(job.pk)
    tasks.run_job(request_job(month.cycle.pk, kind=JobKind.PUBLISH, by=month.officer).pk)

    month.form.refresh_from_db()
    assert month.form.state == FormState.PUBLISHED


def test_asked_again_meanwhile_the_running_job_is_returned(month, job):
    assert request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.leader) == job


def test_nothing_to_do_is_refused_in_words(month, job):
    tasks.run_job(job.pk)

    with pytest.raises(RuleError) as refused:
        request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer)
    assert refused.value.code == "nothing_to_do"


def test_woken_twice_it_is_done_once(month, job):
    tasks.run_job(job.pk)
    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert (job.lease, Result.objects.count()) == (1, 3)


def test_whoever_comes_back_late_writes_nothing(month, job):
    late = claim_job(job.pk)
    assert claim_job(job.pk) is None
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    fresh = claim_job(job.pk)
    assert late
    assert fresh

    assert run_chunk(job.pk, lease=late) is False
    fail_job(job.pk, lease=late, message="x")
    assert not Result.objects.exists()
    assert run_chunk(job.pk, lease=fresh) is True
    assert Result.objects.count() == 3


def test_a_job_claimed_too_often_stops_and_says_so(job):
    Job.objects.update(lease=MOST_CLAIMS)

    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.message


def test_rights_are_those_of_whoever_asked_as_they_are_now(month, job):
    DutyTurn.objects.update(officer=world.in_group(world.person("替班", None)))

    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "这一步不归你做。")
    assert not Result.objects.exists()


def test_the_relay_wakes_what_nobody_works_on(month, job, monkeypatch):
    woken: list[int] = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    assert not overdue_jobs(timezone.now()).exists()
    Job.objects.update(requested_at=timezone.now() - timedelta(minutes=1))

    assert tasks.wake_overdue_jobs() == 1
    assert woken == [job.pk]
    monkeypatch.setattr(tasks, "_queued", lambda _app: tasks.MOST_QUEUED)
    assert tasks.wake_overdue_jobs() == 0


def test_a_worker_that_died_is_overdue_once_its_lease_is_over(job):
    claim_job(job.pk)
    assert not overdue_jobs(timezone.now()).exists()
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert overdue_jobs(timezone.now()).get() == job


def test_the_rule_for_a_job_and_the_rule_for_the_list_agree(month, job):
    today = timezone.localdate()
    for person in (month.officer, month.leader, month.manager, month.hr, month.supervisor, month.agent):
        standing = standing_of(person, today)
        assert visible_jobs(person, standing).filter(pk=job.pk).exists() == can_view_job(person, job, standing)


def test_the_page_asks_again_until_the_job_is_over(month, job, client):
    for person in (month.officer, month.agent):
        person.account = Account.objects.create(username=person.number)
        person.save()
    client.force_login(month.officer.account)
    address = reverse("scoring:job", args=[job.pk])

    page = client.get(address)
    assert "可以离开本页" in page.text
    assert "every 1s" in page.text
    tasks.run_job(job.pk)
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "every 1s" not in part.text
    assert "已汇总 3" in part.text
    client.force_login(month.agent.account)
    assert client.get(address).status_code == 404
