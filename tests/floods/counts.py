"""How much each proof does: in full by `make prove`, and reduced in CI. The one place where both are stated."""

from floods.reports import Counts

_FULL_AND_CI: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    # `everything` of the server is killed two times out of three, one process of it otherwise.
    "kills": ({"kills": 200, "posts": 100}, {"kills": 3, "posts": 40}),
    # States of the disk after a power cut: four modes at each point.
    "power-cuts": ({"posts": 300, "points": 250}, {"posts": 40, "points": 20}),
    # How often the disk is filled in the middle of posting.
    "disk-full": ({"times": 30, "posts": 40}, {"times": 2, "posts": 16}),
    # So many of a hundred answers are cut.
    "cut-answers": ({"posts": 5_000, "percent": 30}, {"posts": 150, "percent": 30}),
    # One list closes in each; clients post from so many seconds before to as many after.
    "deadline": (
        {"closings": 20, "seconds": 3, "processes": 3, "clients": 8},
        {"closings": 1, "seconds": 2, "processes": 3, "clients": 8},
    ),
    # Of the list every so many strings, ours always; every so many of these through the public's forms; so many to each
    # form of the workbench. Every page is opened with every dose, and each text of people has so many of it at once;
    # the search shows them all the same, and at full counts makes its index of them anew.
    "naughty": (
        {"every": 1, "sent_every": 1, "per_form": 20, "dose": 60, "share": 60, "index": 1},
        {"every": 24, "sent_every": 120, "per_form": 1, "dose": 1_000, "share": 24, "index": 0},
    ),
    # People's attempts, each from a network of its own, beside so many bots that solve the proof of work.
    "fairness": ({"attempts": 1_000, "bots": 50}, {"attempts": 16, "bots": 8}),
    # Variants of form letters among own words; then a long list of both. 1,000,000 comments of 60 to 800 characters.
    "families": (
        {"own": 40_000, "variants": 10_000, "letters": 20, "many": 1_000_000},
        {"own": 2_000, "variants": 500, "letters": 20, "many": 10_000},
    ),
    # Posts offered a second, for so many seconds. How fast they are taken is judged at full counts only.
    "flood": ({"rate": 500, "seconds": 60, "judged": 1}, {"rate": 100, "seconds": 6, "judged": 0}),
}


def full(proof: str) -> Counts:
    """What `make prove` does."""
    return _FULL_AND_CI[proof][0]


def reduced(proof: str) -> Counts:
    """What CI does."""
    return _FULL_AND_CI[proof][1]
