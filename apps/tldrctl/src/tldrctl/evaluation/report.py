"""`tldrctl eval report`: every split by every way to detect, as a table, plots and a page."""

from pathlib import Path

from rich.table import Table as RichTable

from tldrctl.evaluation.evaluated import Evaluated, Scorer
from tldrctl.evaluation.games import read_games, read_splits, read_truth
from tldrctl.evaluation.live import LOOK_AHEAD_S
from tldrctl.evaluation.many_games import predict_games
from tldrctl.evaluation.metric import DRAWS
from tldrctl.evaluation.moods import said_of
from tldrctl.evaluation.page import Part, Table, page
from tldrctl.evaluation.pictures import LAG_VARIANTS, pictures
from tldrctl.evaluation.predict import Taught, Variant, scorer_at
from tldrctl.screen import console, say

_HEAD = ("split", "scorer", "mode", "games", "AP", "95 % CI", "HIT@1", "F1", "segF1@.3", "segF1@.5")
_MOODS = "twitch_sentiment/messages.csv"
_LEGEND = (
    "In per cent, over whole seconds. AP: average precision of the seconds' scores, mean over games, with the middle "
    f"95 % of {DRAWS} draws of the games. HIT@1: games whose best clip of two seconds lies in what people kept. F1: of "
    "seconds inside found intervals. segF1: of intervals, matched one to one at an IoU of 0.3 and 0.5. Live scores rest "
    f"on at most {LOOK_AHEAD_S} s of what follows a moment and are never revised; live intervals are as they became final. "
    "Self-taught: without labels, from the words of the games before it (and of the game itself, in recorded mode). "
    "*: on games that the scorer has seen in training."
)


async def write_report(data: Path, out: Path, model: Path | None) -> int:
    """Print the table and write report.html with its plots. Raises UnreadableData."""
    games = read_games(data)
    truth = read_truth(data, games)
    splits = {name: read_games(data, name) for name in read_splits(data)} or {"all": games}
    scorers = [Scorer("default", Variant()), Scorer("self-taught", Variant(taught=Taught.CHANNEL))]
    if model is not None:
        scorers.append(Scorer("trained", Variant(model=model), seen="train"))
    variants = [variant for scorer in scorers for variant in scorer.variants()]
    evaluated = Evaluated(truth, splits, scorers, await predict_games(games, [*variants, *LAG_VARIANTS]))
    table = _table(evaluated)
    _show(table)
    moods = [line for path in (data / _MOODS, data.parent / _MOODS) if path.is_file() for line in said_of(path)]
    for line in moods:
        say(line)
    plots = pictures(evaluated)
    out.mkdir(parents=True, exist_ok=True)
    for plot in plots:
        (out / f"{plot.name}.png").write_bytes(plot.png)
    notes = [_LEGEND, *moods, *([_provenance(model)] if model else [])]
    parts: list[Part] = [table, *notes, *plots]
    (out / "report.html").write_text(page("How well moments are found", parts), encoding="utf-8")
    say(f"written: {out / 'report.html'}")
    return 0


def _provenance(model: Path) -> str:
    made = scorer_at(model).provenance
    figures = ", ".join(
        f"{name} {value:.1f} (default {made.default[name]:.1f})" if name in made.default else f"{name} {value:.1f}"
        for name, value in made.trained.items()
    )
    return f"Trained: on {made.streams} games with {made.moments} moments. On games left out of training: {figures}."


def _table(evaluated: Evaluated) -> Table:
    rows = []
    for split in evaluated.splits:
        for scorer in evaluated.scorers:
            for variant in scorer.variants():
                found = evaluated.figures(split, variant)
                name = f"{scorer.name}*" if scorer.seen == split else scorer.name
                shares = (found.hit, found.f1, found.seg_f1_30, found.seg_f1_50)
                ap = (_per_cent(found.ap), f"{_per_cent(found.ap_low)}–{_per_cent(found.ap_high)}")
                rows.append((split, name, str(variant.mode), str(found.games), *ap, *map(_per_cent, shares)))
    return Table(_HEAD, rows, words=3)


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f}"


def _show(table: Table) -> None:
    shown = RichTable(box=None, padding=(0, 1, 0, 0), pad_edge=False)  # fits 80 columns, as many as a pipe has
    for place, head in enumerate(table.head):
        shown.add_column(head, justify="left" if place < table.words else "right", no_wrap=True)
    for row in table.rows:
        shown.add_row(*row)
    console.print(shown)
