"""How often one may: limits per network and per consultation that hold across all processes (rule 9)."""

from gongshi.web.limits.counting import (
    CONSULTATION,
    CROWD,
    NETWORK,
    WITHOUT_PROOF,
    Limits,
    Sender,
    TooOften,
    init_app,
    limit_searches,
    limits,
)
from gongshi.web.limits.networks import address, network

__all__ = [
    "CONSULTATION",
    "CROWD",
    "NETWORK",
    "WITHOUT_PROOF",
    "Limits",
    "Sender",
    "TooOften",
    "address",
    "init_app",
    "limit_searches",
    "limits",
    "network",
]
