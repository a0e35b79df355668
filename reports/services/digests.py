"""The day's reminders: one digest a person and one message a robot, and word to the next person after a term (P6).

A run belongs to a day. It is claimed for a while and written in batches, each in its own transaction; what it writes
carries the day in its key. Whoever is woken a second time, or takes up a run that broke off, sends nothing twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from common.selectors import calendar_between
from notices.facts import quotable
from notices.log import Letter, tell_each
from notices.models import Delivery, DigestRun, Robot
from notices.services.steps import after_quiet, next_allowed, put_into_outbox, rules_now, takes_mail
from notices.states import Channel
from policy.workdays import Calendar
from reports.facts.digests import group_subject, group_text, names_of, place_of, subject_of, text_of
from reports.selectors.digests import Digest, digests_of

LEASE = timedelta(minutes=5)
BATCH = 200


def send_digests() -> int:
    """Put today's reminders into the outbox if it is time and nobody has; returns how many people have something."""
    now = timezone.now()
    lease = claim_run(now)
    if lease is None:
        return 0
    today = timezone.localdate(now)
    digests = digests_of(today)
    first = min((term for digest in digests for term in digest.terms), default=today)
    calendar = calendar_between(min(first, today), today + timedelta(days=30))
    for start in range(0, len(digests), BATCH):
        if not write_batch(digests[start : start + BATCH], today=today, lease=lease, calendar=calendar):
            return 0
    finish_run(digests, today=today, lease=lease)
    return len(digests)


@transaction.atomic(durable=True)
def claim_run(now: datetime) -> int | None:
    """The lease of today's run; None while it is not time, in quiet hours, on a day off, done, or in other hands."""
    today, rules = timezone.localdate(now), rules_now()
    wanted = timezone.make_aware(datetime.combine(today, rules.send_at))
    starts_at = timezone.localtime(
        after_quiet(wanted, rules)
    ).time()  # a time inside the quiet hours waits for their end
    if timezone.localtime(now).time() < starts_at or next_allowed(now, rules) != now:
        return None
    if DigestRun.objects.filter(day=today, finished_at__isnull=False).exists():
        return None
    DigestRun.objects.bulk_create([DigestRun(day=today, leased_until=now)], ignore_conflicts=True)
    run = DigestRun.objects.select_for_update().get(day=today)
    if run.finished_at is not None or run.leased_until > now:
        return None
    run.lease, run.leased_until = run.lease + 1, now + LEASE
    run.save(update_fields=["lease", "leased_until"])
    return run.lease


@transaction.atomic(durable=True)
def write_batch(digests: Sequence[Digest], *, today: date, lease: int, calendar: Calendar) -> bool:
    """Tell these people what they now follow, and write their digests; False when the run has passed to another."""
    run = _own_run(today, lease)
    if run is None:
        return False
    now = timezone.now()
    tell_each([letter for digest in digests for letter in _letters(digest)], "escalated")
    put_into_outbox(_mail(digest, today, now, calendar) for digest in digests if takes_mail(digest.person))
    run.leased_until = now + LEASE
    run.save(update_fields=["leased_until"])
    return True


@transaction.atomic(durable=True)
def finish_run(digests: Sequence[Digest], *, today: date, lease: int) -> None:
    """Write to the groups, and close the day."""
    run = _own_run(today, lease)
    if run is None:
        return
    now = timezone.now()
    put_into_outbox(_to_groups(digests, today, now))
    run.finished_at, run.people = now, len(digests)
    run.followed = sum(len(digest.followed) for digest in digests)
    run.save(update_fields=["finished_at", "people", "followed"])


def _own_run(today: date, lease: int) -> DigestRun | None:
    run = DigestRun.objects.select_for_update().get(day=today)
    return run if run.lease == lease and run.finished_at is None else None


def _letters(digest: Digest) -> Iterable[Letter]:
    """Once for each sort, cycle and term, however many people let it pass and however long."""
    for row in digest.followed:
        key = f"escalated:{row.what}:{row.key}:{row.due_on:%Y%m%d}:{row.role}"
        detail = {"who": quotable(names_of(row.names)), "month": row.key, "step": row.word}
        yield Letter(digest.person.pk, place_of(row), key, detail)


def _mail(digest: Digest, today: date, now: datetime, calendar: Calendar) -> Delivery:
    return Delivery(
        key=f"digest:{today:%Y%m%d}:person:{digest.person.pk}",
        channel=Channel.EMAIL,
        recipient=digest.person,
        subject=subject_of(digest, today),
        text=text_of(digest, today, calendar),
        not_before=now,
    )


def _to_groups(digests: Sequence[Digest], today: date, now: datetime) -> Iterable[Delivery]:
    for robot in Robot.objects.filter(is_active=True):
        of_group = [one for one in digests if robot.region_id in {None, one.person.region_id}]
        text = group_text(of_group, today)
        if text:
            yield Delivery(
                key=f"digest:{today:%Y%m%d}:robot:{robot.pk}",
                channel=robot.channel,
                robot=robot,
                subject=group_subject(),
                text=text,
                not_before=now,
            )
