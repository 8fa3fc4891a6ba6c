"""The trace as a drawing: across for a wide page, upright for a phone. Every node is a link to what it stands for."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _

from gongshi.admissions.gate import Condition
from gongshi.admissions.models import Admission
from gongshi.objections.models import Objection
from gongshi.record.trace import End, Strand, Trace
from gongshi.revisions.models import Change
from gongshi.web.drawing import LINE, PAD, Box, Drawing, Line, Stop
from gongshi.web.formatting import spoken_day
from gongshi.web.languages import link
from gongshi.web.places import of_change, of_project, sign
from gongshi.web.wording import label

# Columns of the wide drawing: where each begins and how wide it is.
COMMENTS, ISSUES, CHANGES, GATE, DECISION = (0, 150), (196, 304), (556, 186), (800, 196), (1020, 124)
WIDE = 1144
UPRIGHT = 344
HEAD = 34
ROW_GAP, GAP = 22, 10
RAIL = 8


def wide(trace: Trace) -> Drawing:
    """Five columns: comments, objections and answers, changes, the gate, the decision."""
    drawing = Drawing(WIDE)
    drawing.captions = [
        Stop(x, 16, words)
        for (x, _width), words in zip(
            (COMMENTS, ISSUES, CHANGES, GATE, DECISION),
            (_("Comments"), _("Objections and answers"), _("Changes"), _("Gate"), _("Decision")),
            strict=True,
        )
    ]
    drawing.height = HEAD
    drawn: dict[UUID, Box] = {}
    for place, strand in enumerate(trace.strands):
        _strand_across(drawing, trace, strand, drawn, place)
    for change in trace.unasked:
        drawn[change.id] = _change(drawing, change, (CHANGES[0], _next_row(drawing)), CHANGES[1])
    _end_across(drawing, trace, drawn)
    return drawing


def upright(trace: Trace) -> Drawing:
    """One column: each strand from its comments down to its changes, a rail on the left that leads to the gate."""
    drawing = Drawing(UPRIGHT)
    first: int | None = None
    for strand in trace.strands:
        rails = _strand_down(drawing, trace, strand)
        first = first or next(iter(rails), None)
    for change in trace.unasked:
        box = _change(drawing, change, (24, _next_row(drawing)), UPRIGHT - 24)
        drawing.plain(f"M{box.x} {box.middle}H{RAIL}")
        first = first or box.middle
    _end_down(drawing, trace, first)
    return drawing


def _next_row(drawing: Drawing) -> int:
    return drawing.height + (ROW_GAP if drawing.boxes else 0)


def _strand_across(drawing: Drawing, trace: Trace, strand: Strand, drawn: dict[UUID, Box], place: int) -> None:
    top = _next_row(drawing)
    group = _group(drawing, trace, strand, (COMMENTS[0], top), COMMENTS[1])
    if strand.objection is None and strand.answer is None:
        drawing.stop((group.right, group.middle), ISSUES[0], _end(strand))
        return
    issue = _issue(drawing, strand, (ISSUES[0], top), ISSUES[1])
    drawing.across((group.right, group.middle), (issue.x, group.middle), issue.x - 20)
    if not strand.changes:
        drawing.stop((issue.right, group.middle), CHANGES[0], _end(strand), is_gap=strand.waits_for_change)
        return
    # Each strand turns at a line of its own, so that two which meet at one change can be told apart.
    turn, below = issue.right + 10 + place % 4 * 9, top
    for change in strand.changes:
        if change.id not in drawn:
            drawn[change.id] = _change(drawing, change, (CHANGES[0], below), CHANGES[1])
            below = drawn[change.id].bottom + GAP
        drawing.across((issue.right, group.middle), (CHANGES[0], drawn[change.id].middle), turn)


def _end_across(drawing: Drawing, trace: Trace, drawn: dict[UUID, Box]) -> None:
    lines = _gate_lines(trace)
    middle = max(HEAD + (PAD + len(lines) * LINE) // 2 + PAD, _middle(drawn.values()))
    gate = _gate(drawing, trace, (GATE[0], middle - PAD - len(lines) * LINE // 2), GATE[1])
    bus = GATE[0] - 28
    for box in drawn.values():
        drawing.plain(f"M{box.right} {box.middle}H{bus}V{gate.middle}")
    if drawn:
        drawing.across((bus, gate.middle), (gate.x, gate.middle), gate.x - 10)
    top = gate.middle - PAD - LINE
    for decision in trace.decisions or (None,):
        box = _decision(drawing, trace, decision, (DECISION[0], top), DECISION[1])
        if top == gate.middle - PAD - LINE:
            drawing.across((gate.right, box.middle), (box.x, box.middle), box.x - 10)
        else:
            drawing.down((box.x + box.width // 2, top - 18), (box.x + box.width // 2, top))
        top = box.bottom + 18


def _middle(boxes: Iterable[Box]) -> int:
    middles = [box.middle for box in boxes]
    return (min(middles) + max(middles)) // 2 if middles else 0


def _strand_down(drawing: Drawing, trace: Trace, strand: Strand) -> list[int]:
    """Draw one strand; returns the heights at which its changes join the rail."""
    group = _group(drawing, trace, strand, (24, _next_row(drawing)), UPRIGHT - 24)
    bottom, centre = group.bottom, 24 + 40
    if strand.objection is not None or strand.answer is not None:
        issue = _issue(drawing, strand, (24, bottom + 18), UPRIGHT - 24)
        drawing.down((centre, bottom), (centre, issue.y))
        bottom = issue.bottom
    if not strand.changes:
        drawing.plain(f"M{centre} {bottom}v16M{centre - 7} {bottom + 16}h14")
        drawing.stops.append(Stop(centre + 16, bottom + 21, _end(strand), is_gap=strand.waits_for_change))
        drawing.height = bottom + 26
        return []
    joined: list[int] = []
    for change in strand.changes:
        box = _change(drawing, change, (44, drawing.height + (18 if not joined else GAP)), UPRIGHT - 44)
        if not joined:
            drawing.down((centre, bottom), (centre, box.y))
        drawing.plain(f"M{box.x} {box.middle}H{RAIL}")
        joined.append(box.middle)
    return joined


def _end_down(drawing: Drawing, trace: Trace, first: int | None) -> None:
    gate = _gate(drawing, trace, (24, _next_row(drawing) + 4), UPRIGHT - 24)
    if first is not None:
        drawing.across((RAIL, first), (gate.x, gate.middle), RAIL)
    above = gate
    for decision in trace.decisions or (None,):
        box = _decision(drawing, trace, decision, (24, above.bottom + 20), UPRIGHT - 24)
        drawing.down((64, above.bottom), (64, box.y))
        above = box


def _group(drawing: Drawing, trace: Trace, strand: Strand, at: tuple[int, int], width: int) -> Box:
    kinds = Counter(comment.kind for comment in strand.comments)
    shared = " · ".join(f"{label(kind)} {count}" for kind, count in kinds.items())
    lines = [Line(_("Comments: %(count)s", count=len(strand.comments)), "strong"), Line(shared, "quiet")]
    return drawing.box(at, width, lines, _comments_address(trace, strand), "" if strand.objection else "faint")


def _comments_address(trace: Trace, strand: Strand) -> str:
    if strand.objection is not None:
        return link("objections.show", objection=strand.objection.number, _anchor="comments")
    if strand.answer is not None:
        return link("answers.show", answer=strand.answer.number, _anchor="comments")
    place = of_project(trace.project)
    on_project = any(comment.project_id is not None for comment in strand.comments)
    state = strand.comments[0].state.value
    return link("comments.index", number=place["number"], project=place["project"] if on_project else None, state=state)


def _issue(drawing: Drawing, strand: Strand, at: tuple[int, int], width: int) -> Box:
    if strand.answer is not None:
        answer = strand.answer
        lines = [Line(_("Answer %(number)s", number=answer.number), "strong"), Line(answer.title, is_record=True)]
        return drawing.box(at, width, lines, link("answers.show", answer=answer.number), "faint")
    objection = strand.objection
    assert objection is not None
    style, words = "", [outcome_of(objection)]
    if objection.is_major:
        style, words = "major", [_("Major"), *words]
    if strand.end is End.ELSEWHERE:
        words.append(label(End.ELSEWHERE))
    lines = [
        Line(_("Objection %(number)s", number=objection.number), "strong"),
        Line(objection.title, is_record=True),
        Line(" · ".join(words), "seal" if style else "quiet"),
        *_origin(objection),
    ]
    return drawing.box(at, width, lines, link("objections.show", objection=objection.number), style)


def _origin(objection: Objection) -> list[Line]:
    """What was merged into an objection, and what it is a part of."""
    lines = []
    if objection.split_from is not None:
        lines.append(Line(_("part of %(number)s", number=_short(objection.split_from)), "quiet"))
    if objection.merged_here:
        lines.append(Line(_("with %(numbers)s", numbers=" ".join(map(_short, objection.merged_here))), "quiet"))
    return lines


def _short(objection: Objection) -> str:
    return objection.number.rpartition("-")[2]


def outcome_of(objection: Objection) -> str:
    """How an objection stands, in words: its outcome, set aside as unfounded, or not disposed of yet."""
    if objection.disposition is not None:
        return label(objection.disposition.outcome)
    return str(_("Set aside as unfounded") if objection.unfounded_at else _("Not disposed of yet"))


def _end(strand: Strand) -> str:
    """How a strand ends that led to no change."""
    if strand.waits_for_change:
        return str(_("Adopted, no change yet"))
    return str(_("Led to no change")) if strand.end is End.OBJECTION else label(strand.end)


def _change(drawing: Drawing, change: Change, at: tuple[int, int], width: int) -> Box:
    made = _("Version %(number)s", number=change.revision.to_version.number)
    lines = [
        Line(f"{sign(change.subject, change.key)} {label(change.kind)}", "strong"),
        Line(made if change.causes else f"{made} · {_('On own initiative')}", "quiet"),
    ]
    return drawing.box(at, width, lines, of_change(change))


def _gate(drawing: Drawing, trace: Trace, at: tuple[int, int], width: int) -> Box:
    check = trace.check
    style = ("met" if check.met == len(check.conditions) else "unmet") if check.conditions else "faint"
    return drawing.box(at, width, _gate_lines(trace), link("admissions.gate", **of_project(trace.project)), style)


def _gate_lines(trace: Trace) -> list[Line]:
    check = trace.check
    if not check.conditions:
        why = _("Not run: the applicant withdrew") if trace.decisions else _("Shown once the comment period is over")
        return [Line(_("Gate"), "strong"), Line(why, "quiet")]
    head = Line(_("Gate %(met)s of %(all)s met", met=check.met, all=len(check.conditions)), "strong")
    return [head, *(_condition(one) for one in check.conditions)]


def _condition(condition: Condition) -> Line:
    words = label(condition.code)
    return Line(f"✓ {words}") if condition.is_met else Line(f"✕ {words}", "seal")


def _decision(drawing: Drawing, trace: Trace, decision: Admission | None, at: tuple[int, int], width: int) -> Box:
    address = link("admissions.decision", **of_project(trace.project))
    if decision is None:
        return drawing.box(at, width, [Line(_("Not decided yet"), "quiet")], address, "faint")
    lines = [Line(label(decision.outcome), "strong"), Line(spoken_day(decision.decided_at), "quiet")]
    return drawing.box(at, width, lines, address, "met" if decision.outcome.value == "admitted" else "unmet")
