"""Read by Python when a process starts under libfaketime: `time.sleep` waits in another system call.

libfaketime 0.9.10 lets `clock_nanosleep` on the monotonic clock fail with EINVAL when it leaves that clock alone.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select((), (), (), seconds)


time.sleep = _sleep
