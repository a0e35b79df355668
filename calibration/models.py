"""What the group did on the board of a year (P7.2): moves, notes, and the steps of the year itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calibration.states import MoveState
from people.models import Employee
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState


class Move(models.Model):
    """One person moved to another grade, or a tied one decided: by whom, when and why. A grade never changes a score.

    Against the order of scores it also names an authoriser, who answers in his own name; what he refuses is moved back
    by a row of its own. ``from_grade`` is empty for somebody tied, ``to_grade`` when a refusal opens the tie again.
    """

    result = models.ForeignKey(AnnualResult, on_delete=models.PROTECT, related_name="moves")
    from_grade = models.CharField(max_length=1, blank=True)
    to_grade = models.CharField(max_length=1, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MoveState, default=MoveState.DONE)
    authoriser = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("result",), condition=Q(state=MoveState.WAITING), name="one_waiting_move_per_person"
            ),
            models.CheckConstraint(
                condition=Q(authoriser__isnull=True) | ~Q(authoriser=F("by")), name="authorised_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(MoveState.WAITING, MoveState.AUTHORISED, MoveState.REFUSED))
                | Q(authoriser__isnull=False),
                name="waiting_names_its_authoriser",
            ),
        )

    def __str__(self) -> str:
        return f"{self.result_id} {self.from_grade}→{self.to_grade}"


class BoardNote(models.Model):
    """What was said about a person: marks the card as discussed, stands in the minutes."""

    result = models.ForeignKey(AnnualResult, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(_("讨论"), max_length=300)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.result_id} {self.at}"


class ReviewStep(models.Model):
    """A step of the year: from which state to which, by whom, with which words."""

    review = models.ForeignKey(AnnualReview, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=10, choices=ReviewState)
    after = models.CharField(max_length=10, choices=ReviewState)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.review_id} {self.before}→{self.after}"
