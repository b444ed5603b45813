"""A trained scorer as a JSON document, and back. Plain figures only: reading one never runs anything in it."""

import json
import sys
from typing import Any

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.scoring.scorer.checks import (
    InvalidScorer,
    fields,
    figures,
    items,
    number,
    numbers,
    require,
    text,
    whole,
    wholes,
)
from tldr_fusion_detector.domain.scoring.scorer.reading import Column
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance, Scorer
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule
from tldr_fusion_detector.domain.scoring.scorer.trees import DEEPEST, LEAF, Tree, Trees
from tldr_fusion_detector.domain.scoring.scorer.words import WORDS, WordWeights
from tldr_fusion_detector.domain.signals.words import LONGEST_WORD

FORMAT = "tldr-scorer"
VERSION = 1
LARGEST = 5_000_000
WIDEST_S = DEFAULT_CALIBRATION.chat_sigma_most  # a live warm-up waits for no wider smoothing
MOST_TREES = 1_000
MOST_NODES = 255
MOST_COLUMNS = 1_000
MOST_SCORER_WORDS = 2_000
MOST_LAGS = 16
_ANY = sys.float_info.max
_LOG_ODDS = 1e3
_HEAD = ("format", "version", "columns", "words", "trees", "probability", "segments", "provenance")
_TREE = ("feature", "threshold", "left", "right", "missing_left", "value")
_WORDS = ("words", "at_s", "weights", "sigma_s", "prior_messages")
_PROVENANCE = ("data", "streams", "seconds", "moments", "created", "trained", "default", "libraries")


def write_scorer(scorer: Scorer) -> bytes:
    """The document, the same bytes for the same scorer."""
    words, rule, made = scorer.words, scorer.segments, scorer.provenance
    document = {
        "format": FORMAT,
        "version": VERSION,
        "columns": [[column.signal, column.sigma_s, column.at_s] for column in scorer.columns],
        "words": {
            "words": words.words,
            "at_s": words.at_s,
            "weights": words.weights.tolist(),
            "sigma_s": words.sigma_s,
            "prior_messages": words.prior_messages,
        },
        "trees": {
            "bias": scorer.trees.bias,
            "trees": [_tree_document(tree) for tree in scorer.trees.trees],
        },
        "probability": {"smooth_s": scorer.smooth_s, "slope": scorer.slope, "shift": scorer.shift},
        "segments": {"enter": rule.enter, "stay": rule.stay, "merge_s": rule.merge_s, "least_s": rule.least_s},
        "provenance": {name: getattr(made, name) for name in _PROVENANCE},
    }
    return json.dumps(document, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def read_scorer(document: bytes) -> Scorer:
    """The scorer of a document. Raises InvalidScorer for everything that is not one."""
    require(len(document) <= LARGEST, f"A scorer's document has at most {LARGEST} bytes.")
    try:
        parsed = json.loads(document.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidScorer("A scorer is a JSON document in UTF-8; this is none.") from error
    name, version, columns, words, trees, probability, segments, provenance = fields(parsed, _HEAD, "A scorer")
    require(name == FORMAT, f"A scorer's format is {FORMAT}.")
    require(type(version) is int and version == VERSION, f"Only version {VERSION} of scorers is known here.")
    smooth_s, slope, shift = fields(probability, ("smooth_s", "slope", "shift"), "The probability")
    read = tuple(_column(column) for column in items(columns, 1, MOST_COLUMNS, "Columns"))
    return Scorer(
        read,
        _words(words),
        _trees(trees, len(read)),
        number(smooth_s, 0.1, 30.0, "Smoothing"),
        number(slope, 1e-6, 100.0, "The slope"),
        number(shift, -100.0, 100.0, "The shift"),
        _segments(segments),
        _provenance(provenance),
    )


def _tree_document(tree: Tree) -> dict[str, Any]:
    document = {name: getattr(tree, name).tolist() for name in _TREE}
    return {**document, "missing_left": tree.missing_left.astype(int).tolist()}


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _column(document: Any) -> Column:
    signal, sigma_s, at_s = items(document, 3, 3, "A column")
    name = text(signal, 100, "A column's signal")
    least = 0.0 if name == WORDS else 0.5
    return Column(
        name,
        number(sigma_s, least, WIDEST_S, "A column's smoothing"),
        whole(at_s, -600, 60, "A column's place in time"),
    )


def _words(document: Any) -> WordWeights:
    words, at_s, weights, sigma_s, prior_messages = fields(document, _WORDS, "The words")
    known = tuple(text(word, LONGEST_WORD, "A word") for word in items(words, 0, MOST_SCORER_WORDS, "Words"))
    require(list(known) == sorted(set(known)), "Words must be sorted and there once.")
    places = tuple(whole(one, -60, 60, "A word's place in time") for one in items(at_s, 0, MOST_LAGS, "Places in time"))
    rows = [numbers(row, len(known), 1e6, "Weights") for row in items(weights, len(places), len(places), "Weights")]
    return WordWeights(
        known,
        places,
        np.array(rows, np.float64).reshape(len(places), len(known)),
        number(sigma_s, 0.5, WIDEST_S, "The smoothing of words"),
        number(prior_messages, 1e-3, 1e3, "The prior of words"),
    )


def _trees(document: Any, columns: int) -> Trees:
    bias, trees = fields(document, ("bias", "trees"), "The trees")
    return Trees(
        number(bias, -_LOG_ODDS, _LOG_ODDS, "The bias"),
        tuple(_tree(tree, columns) for tree in items(trees, 1, MOST_TREES, "Trees")),
    )


def _tree(document: Any, columns: int) -> Tree:
    feature, threshold, left, right, missing_left, value = fields(document, _TREE, "A tree")
    nodes = len(items(feature, 1, MOST_NODES, "The nodes of a tree"))
    asked = wholes(feature, nodes, LEAF, columns - 1, "The column of a node")
    sides = [wholes(side, nodes, 0, nodes - 1, "A node's child") for side in (left, right)]
    leaf = asked == LEAF
    for side in sides:
        # Behind its parent, so that every path comes to an end.
        behind = np.where(leaf, side == 0, side > np.arange(nodes))
        require(bool(behind.all()), "A node's children must come after it, and a leaf's are 0.")
    children = np.sort(np.concatenate([side[~leaf] for side in sides]))
    require(np.array_equal(children, np.arange(1, nodes)), "Every node but the root must have one parent.")
    missing = wholes(missing_left, nodes, 0, 1, "The way of what is missing")
    tree = Tree(
        asked,
        numbers(threshold, nodes, _ANY, "A threshold"),
        sides[0],
        sides[1],
        missing.astype(np.bool_),
        numbers(value, nodes, _LOG_ODDS, "The value of a node"),
    )
    require(tree.depth <= DEEPEST, f"A tree is at most {DEEPEST} nodes deep.")
    return tree


def _segments(document: Any) -> SegmentRule:
    enter, stay, merge_s, least_s = fields(document, ("enter", "stay", "merge_s", "least_s"), "The rule of segments")
    rule = SegmentRule(
        number(enter, 0.0, 1.0, "The threshold"),
        number(stay, 0.0, 1.0, "The lower threshold"),
        whole(merge_s, 0, 600, "The gap that is merged"),
        whole(least_s, 1, 600, "The least length"),
    )
    require(rule.stay <= rule.enter, "The lower threshold must not be above the other.")
    return rule


def _provenance(document: Any) -> Provenance:
    data, streams, seconds, moments, created, trained, default, libraries = fields(
        document, _PROVENANCE, "The provenance"
    )
    most = 2**53
    require(isinstance(libraries, dict) and len(libraries) <= 20, "Libraries must be an object of at most 20 versions.")
    return Provenance(
        text(data, 64, "The fingerprint"),
        whole(streams, 0, most, "The number of streams"),
        whole(seconds, 0, most, "The number of seconds"),
        whole(moments, 0, most, "The number of moments"),
        text(created, 40, "The time of creation"),
        figures(trained, "Figures"),
        figures(default, "Figures"),
        {text(name, 100, "A library"): text(one, 100, "A version") for name, one in libraries.items()},
    )
