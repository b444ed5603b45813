"""`tldrctl explain`: why a highlight has its score, computed again, and whether what it was made from has changed."""

import json
import re
from http import HTTPStatus
from typing import Any

from rich.table import Table

from tldr_client import ApiProblem
from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.screen import clock, console, say

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def explain_highlight(highlight: str, mesh: MeshChoice, *, as_json: bool) -> int:
    """0 when the score holds, 1 when it does not or cannot be said yet, 2 when there is no such highlight."""
    if not _ID.fullmatch(highlight):
        say("explain: give a highlight's id, as the API and `tldrctl process` show it")
        return 2
    async with connected(mesh, progress=_nothing if as_json else say) as client:
        try:
            explanation = await client.explanation(highlight)
        except ApiProblem as problem:
            if problem.status != HTTPStatus.NOT_FOUND:
                raise
            say(f"explain: {problem.detail}")
            return 2
    if as_json:
        console.print_json(json.dumps(explanation))
    else:
        _show(explanation)
    return 0 if explanation["holds"] else 1


def _show(explanation: dict[str, Any]) -> None:
    say(f"{clock(explanation['peak_ms'])}  {explanation['title']}. {explanation['reason']}")
    deviation = explanation["deviation"]
    say(
        f"score recorded {explanation['recorded_score']:.12f}, recomputed {explanation['recomputed_score']:.12f}, "
        f"deviation {'cannot be told' if deviation is None else f'{deviation:.1e}'}"
    )
    console.print(contributions_table(explanation))
    say(verdict(explanation))


def contributions_table(explanation: dict[str, Any]) -> Table:
    """A row for each signal of each dimension."""
    table = Table("signal", "dimension", title="Contributions")
    for name in ("value", "ordinary", "deviations", "part"):
        table.add_column(name, justify="right")
    for part in explanation["contributions"]:
        table.add_row(
            part["signal"],
            part["dimension"],
            f"{part['value']:.4g}",
            f"{part['baseline']:.4g}",
            f"{part['normalised']:+.2f}",
            f"{part['amount']:+.4f}",
        )
    return table


def verdict(explanation: dict[str, Any]) -> str:
    """One line: whether it holds, and what is no longer as the run saw it."""
    if not explanation["settled"]:
        return "not settled: the run has not completed, and its signals may still change"
    named = ", ".join(f"{one['signal']} {one['what']}" for one in explanation["tampered"])
    if explanation["holds"]:
        return f"holds; not used here: {named}" if named else "holds"
    return f"does not hold: {named or 'the recomputed figures differ from the recorded ones'}"


def _nothing(_: str) -> None:
    """For output that a program reads."""
