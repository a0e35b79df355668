"""The example printed in docs/scoring.md is what the core says."""

from decimal import Decimal
from pathlib import Path

from policy.parameters import params_of

TEXT = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_the_printed_example_is_the_cores_answer():
    score = params_of("linear", "零分=60;满分=80").score(Decimal(12), Decimal("78.40"))

    assert f"**{score}**" in TEXT
