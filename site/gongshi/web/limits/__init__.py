"""How often one may: limits per network and per consultation that hold across all processes (rule 9)."""

from gongshi.web.limits.counting import CONSULTATION, NETWORK, Limits, TooOften, init_app, limit_searches, limits
from gongshi.web.limits.networks import network

__all__ = ["CONSULTATION", "NETWORK", "Limits", "TooOften", "init_app", "limit_searches", "limits", "network"]
