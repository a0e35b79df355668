"""What is said while somebody files an incident: records alike, repetition for those who may know, what it brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils import timezone

from incidents.models import Incident, IncidentKind, Involvement
from incidents.permissions import Judge, sees_incidents_of
from incidents.selectors.repetition import Judgement, earlier_shares, standard_on
from incidents.selectors.rules import is_appraised
from incidents.selectors.similar import Similar, similar_to
from people.models import Employee
from people.selectors import superiors_on


@dataclass(frozen=True, slots=True)
class Hint:
    """About one person: what is there already, and what repetition would make of it for whoever may know that."""

    person: Employee
    similar: Similar
    judgement: Judgement | None

    @property
    def is_uncounted(self) -> bool:
        """Whether what is filed about the person counts on no form."""
        return not is_appraised(self.person)

    @property
    def is_anything(self) -> bool:
        """Whether there is something to say."""
        return bool(self.similar.shown or self.similar.is_known or (self.judgement and self.judgement.earlier))


def hints_for(
    judge: Judge, people: Sequence[Employee], occurred_on: date, kind: IncidentKind | None, *, at: time | None = None
) -> list[Hint]:
    """The hints about each of these people on that day, ``at`` that time where it is known."""
    if not people:
        return []
    ids = [person.pk for person in people]
    similar = similar_to(judge, ids, occurred_on, kind.pk if kind else None)
    judgements = _judgements(judge, people, occurred_on, kind, at) if kind else {}
    return [Hint(person, similar[person.pk], judgements.get(person.pk)) for person in people]


def _judgements(
    judge: Judge, people: Sequence[Employee], occurred_on: date, kind: IncidentKind, at: time | None
) -> dict[int, Judgement]:
    above = superiors_on(occurred_on, [person.pk for person in people])
    known = [person for person in people if sees_incidents_of(judge, person.pk, above.get(person.pk))]
    if not known:
        return {}
    standard = standard_on(timezone.localdate())
    incident = Incident(kind=kind, occurred_on=occurred_on, occurred_time=at)
    earlier = earlier_shares([one.pk for one in known], incident, standard.rules.repeat_months)
    return {
        one.pk: standard.judgement(
            Involvement(incident=incident, employee=one, filed_points=kind.points), kind, earlier.get(one.pk, ())
        )
        for one in known
    }
