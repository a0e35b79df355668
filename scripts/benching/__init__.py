"""What scripts/bench measures: invented people, the bare SQL floor, the settling of a month, pages at two sizes."""
