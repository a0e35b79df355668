"""Batches without the cycle collector: it would walk hundreds of thousands of live tuples again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """For commands and workers around a batch of frozen values, which hold no cycles; never in a web process."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
