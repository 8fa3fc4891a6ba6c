"""What one of several processes does in the tests of limits: hit, and say how often it was let through."""

import sys

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import STRATEGIES

from gongshi.web.limits import sqlite_storage  # Registers the storage scheme.


def hits(storage: str, strategy: str, limit: str, times: int) -> int:
    """How many of so many hits were let through."""
    assert sqlite_storage.SCHEME
    limiter = STRATEGIES[strategy](storage_from_string(storage))
    return sum(limiter.hit(parse(limit), "someone") for _ in range(times))


if __name__ == "__main__":
    sys.stdout.write(str(hits(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))
