"""Incidents of the demo: filed, answered, verified, and the ones that ended otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from appraisals.models import Cycle
from common.uploads import check_upload
from incidents.models import EventFile, EventRules, Incident, IncidentKind, Involvement, Severity
from incidents.selectors.catalogue import every_incident_kind
from incidents.selectors.rules import rules_on, rungs, severities
from incidents.states import EventState
from people.models import Employee
from policy.incidents import judge, months_before
from policy.workdays import working_day_after
from reports.management.demo.diary import Diary
from reports.management.demo.months import Troupe, noon
from reports.management.demo.tales import REASONS, RUNNING, TALES, VIEWS, Tale, View

REPEATED, GRAVE = "余晓琳", "曾丽君"
NAMED = {-8: GRAVE, -6: REPEATED, -2: REPEATED, -1: "高雅琪"}
"""Whose incident of a closed month is told by name; somebody who is late is late again in the running month."""
ENDS = {-3: EventState.REJECTED, -4: EventState.WITHDRAWN, -7: EventState.OVERTURNED}


@dataclass(slots=True)
class Book:
    """The incidents of a month as they are put together, to be written in a few statements."""

    troupe: Troupe
    cycle: Cycle
    today: date
    diary: Diary = field(default_factory=Diary)
    shares: list[Involvement] = field(default_factory=list)
    filed: list[tuple[Incident, datetime]] = field(default_factory=list)
    kinds: dict[str, IncidentKind] = field(default_factory=lambda: {kind.code: kind for kind in every_incident_kind()})
    grave: dict[str, Severity] = field(default_factory=severities)
    rules: EventRules = field(default_factory=lambda: rules_on(timezone.localdate()))

    def file(
        self, tale: Tale, people: Sequence[Employee], finder: Employee, days: tuple[date, date]
    ) -> list[Involvement]:
        """A record with a share for each person; ``days`` are when it happened and when it was filed."""
        on, filed_on = days
        kind = self.kinds[tale.kind]
        incident = Incident(
            number=self.troupe.next_number("BL", on),
            occurred_on=on,
            occurred_time=tale.at,
            place=tale.place,
            description=tale.text,
            kind=kind,
            found_by=finder,
            filed_by=finder,
        )
        at = datetime.combine(filed_on, tale.at, timezone.get_current_timezone()) + timedelta(minutes=95)
        at = min(at, timezone.now() - timedelta(hours=1))
        self.filed.append((incident, at))
        due = working_day_after(filed_on, self.rules.statement_days, self.troupe.calendar)
        shares = [
            Involvement(
                incident=incident,
                employee=person,
                filed_points=kind.points,
                points=kind.points,
                statement_due_on=due,
            )
            for person in people
        ]
        self.shares += shares
        told = [[share.employee.number, str(share.points)] for share in shares]
        self.diary.add(at, finder, "incident.filed", incident, kind=kind.code, people=told, files=[], origin="")
        return shares

    def state(self, share: Involvement, words: str, at: datetime) -> None:
        """The person says what he has to say, or that he has nothing."""
        share.statement, share.stated_at = words, min(at, timezone.now())
        self.diary.add(share.stated_at, share.employee, "incident.stated", share, statement=words, late=False)

    def confirm(self, share: Involvement, kind: IncidentKind, at: datetime) -> None:
        """The direct superior confirms what the standard suggests, repetition counted."""
        earlier = self.troupe.faults.setdefault((share.employee_id, kind.code), [])
        since = months_before(share.occurred_on, self.rules.repeat_months)
        repeats = sum(since <= day < share.occurred_on for day in earlier)
        own, moves_up = kind.severity.code, self.rules.repeat_moves_up
        told = judge(rungs(self.grave), own, share.filed_points, repeats=repeats, moves_up=moves_up)
        earlier.append(share.occurred_on)
        share.points, share.severity, share.repeats = told.suggested, self.grave[told.code], repeats
        self.end(share, EventState.CONFIRMED, at)

    def overturn(self, share: Involvement, kind: IncidentKind, at: datetime) -> None:
        """Confirmed first, then undone: from then on it is no earlier incident of anybody's."""
        self.confirm(share, kind, at - timedelta(days=1))
        self.troupe.faults[share.employee_id, kind.code].pop()
        self.end(share, EventState.OVERTURNED, at)

    def end(self, share: Involvement, state: EventState, at: datetime) -> None:
        """What became of it; by the direct superior, taken back by the finder."""
        by = share.incident.found_by if state == EventState.WITHDRAWN else self.troupe.cast.superior[share.employee_id]
        share.state, share.decided_at = state, min(at, timezone.now())
        share.decision_reason = REASONS.get(state, "")
        if state == EventState.CONFIRMED:
            share.verified_by, share.confirmed_at = by, share.decided_at
        told = {"state": state.value, "points": str(share.points)}
        self.diary.add(at, by, f"incident.{state.value}", share, reason=share.decision_reason, **told)

    def write(self) -> None:
        """Records, shares, the times of filing that the database would set to now, and the audit's rows."""
        incidents = Incident.objects.bulk_create(incident for incident, _at in self.filed)
        for incident, (_same, at) in zip(incidents, self.filed, strict=True):
            incident.filed_at = at
        Incident.objects.bulk_update(incidents, ["filed_at"])
        Involvement.objects.bulk_create(self.shares)
        self.diary.write()


def happen(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """The incidents of a month: all decided in a closed one, in the running one as far as each has come."""
    book = Book(troupe, cycle, today)
    if ahead < 0:
        _closed(book, ahead)
        book.write()
    elif ahead == 0:
        _running(book)
        book.write()
        _prove(book.filed[0][0])


def _closed(book: Book, ahead: int) -> None:
    troupe, luck, first = book.troupe, book.troupe.luck, book.cycle.starts_on
    people = luck.sample([p for p in troupe.people_in(book.cycle) if p.name not in NAMED.values()], 6)
    days = sorted(first + timedelta(days=luck.randint(0, 24)) for _person in people)
    for number, (person, day) in enumerate(zip(people, days, strict=True)):
        tale = luck.choice(_new_to(troupe, person))
        concerned = [person, *(_companion(troupe, person, tale) if number == 0 and ahead % 2 else ())]
        at = troupe.office_hour(day + timedelta(days=4))
        for share in book.file(tale, concerned, troupe.bystander(concerned), (day, day)):
            if number % 2 == 0:
                book.state(share, luck.choice(VIEWS), troupe.office_hour(day + timedelta(days=1)))
            ends = ENDS.get(ahead) if number == 1 else None
            if ends == EventState.OVERTURNED:
                book.overturn(share, book.kinds[tale.kind], at)
            elif ends is not None:
                book.end(share, ends, at)
            else:
                book.confirm(share, book.kinds[tale.kind], at)
    if ahead in NAMED:
        _named(book, troupe.cast.named(NAMED[ahead]), first + timedelta(days=12))


def _named(book: Book, person: Employee, day: date) -> None:
    titles = {REPEATED: "repeated", GRAVE: "grave"}
    tale = TALES[titles[person.name]][0] if person.name in titles else TALES["KFZY"][4]
    share = book.file(tale, [person], book.troupe.bystander([person]), (day, day))[0]
    book.state(share, "事情属实，接受处理。", noon(day + timedelta(days=1), -1))
    book.confirm(share, book.kinds[tale.kind], noon(day + timedelta(days=3)))


def _running(book: Book) -> None:
    """Told one by one: who waits for whom is what the pages are looked at for."""
    cast, now = book.troupe.cast, timezone.now()
    for scene in RUNNING:
        people = [cast.named(name) for name in scene.people]
        on = book.today - timedelta(days=scene.ago)
        filed_on = on + timedelta(days=scene.late)
        shares = book.file(scene.tale, people, cast.named(scene.finder), (on, filed_on))
        for share, view in zip(shares, scene.views, strict=True):
            if view != View.OPEN:
                words = scene.words if view == View.SAID else ""
                book.state(share, words, noon(filed_on + timedelta(days=1), -2))
            if scene.ends == EventState.CONFIRMED:
                book.confirm(share, book.kinds[scene.tale.kind], now - timedelta(hours=26))
            elif scene.ends is not None:
                book.end(share, EventState(scene.ends), now - timedelta(hours=20))


def _prove(incident: Incident) -> None:
    """A file behind a record."""
    text = "时间,操作人,内容\n10:20,E0105,新建移机工单\n14:05,装维,到场，客户不在\n"
    checked = check_upload(ContentFile(text.encode("utf-8-sig"), name="工单日志.csv"))
    kept = default_storage.save(f"events/{incident.occurred_on:%Y/%m}/demo.csv", checked.file)
    EventFile.objects.create(
        incident=incident,
        file=kept,
        name=checked.name,
        kind=checked.kind,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=incident.found_by,
    )


def _new_to(troupe: Troupe, person: Employee) -> Sequence[Tale]:
    """What has not happened to him yet, as long as there is anything: repetition is told by name."""
    code = person.position.code if person.position else ""
    tales = TALES[code if code in TALES else "manager"]
    return [tale for tale in tales if (person.pk, tale.kind) not in troupe.faults] or tales


def _companion(troupe: Troupe, person: Employee, tale: Tale) -> list[Employee]:
    """Somebody who shares it: of the same post and region, so that neither stands above the other; new to it too."""
    same = [p for p in troupe.people if p.position_id == person.position_id and p.region_id == person.region_id]
    known = {pk for pk, code in troupe.faults if code == tale.kind} | troupe.fresh | {person.pk}
    others = [p for p in same if p.pk not in known and p.name not in NAMED.values()]
    return [troupe.luck.choice(others)] if others else []
