"""What results call for (P7.1, P7.2): proposals that people decide."""

from django.db import models
from django.db.models import Q

from appraisals.models import Cycle
from people.models import Employee
from scoring.models.years import AnnualReview
from scoring.states import STANDING_PROPOSALS, ProposalState


class Proposal(models.Model):
    """A fired rule of a month, or what a year's grade leads to, with its evidence. Nothing happens by itself.

    ``rule`` is the code of the scheme's rule or the consequence of a year (see policy.distribution), ``leads_to`` the
    one of the policy that it is decided like: a scheme may add rules, never outcomes. A correction that
    takes the ground away withdraws an undecided one; a decided one keeps its state and says since when its ground is
    gone, until somebody takes the decision back or leaves it with a reason.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="proposals")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    review = models.ForeignKey(AnnualReview, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    rule = models.CharField(max_length=24)
    leads_to = models.CharField(max_length=24)
    evidence = models.JSONField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    ground_lost_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("cycle", "employee", "rule")
        indexes = (models.Index(fields=("state", "cycle"), name="proposal_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "cycle", "rule"),
                condition=Q(state__in=STANDING_PROPOSALS),
                name="rule_fires_once_per_month",
            ),
            models.UniqueConstraint(
                fields=("employee", "review", "rule"),
                condition=Q(state__in=STANDING_PROPOSALS),
                name="consequence_once_per_year",
            ),
            models.CheckConstraint(
                condition=Q(cycle__isnull=True) ^ Q(review__isnull=True), name="proposal_of_a_month_or_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.rule}"
