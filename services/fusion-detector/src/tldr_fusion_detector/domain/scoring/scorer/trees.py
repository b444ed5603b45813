"""Gradient-boosted trees as plain arrays: what they say of a second, and which column said how much."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.signals.signals import Floats

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAF = -1
DEEPEST = 32
# So many rows at a time keep the working set within a processor's cache.
_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Nodes of one tree, (k,) each; the first is the root.

    A row goes to `left` where its column `feature` is at most `threshold`, or where the column is NaN and `missing_left`
    holds, else to `right`; both lie behind their parent, and both are 0 where `feature` is LEAF. `value`: the log-odds
    that rows which come so far are given on average, from the tree alone.
    """

    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    missing_left: Flags
    value: Floats

    @property
    def depth(self) -> int:
        """Steps from the root to the farthest leaf."""
        levels = np.zeros(len(self.feature), np.int64)
        for node in np.flatnonzero(self.feature != LEAF):  # parents come before their children
            levels[[self.left[node], self.right[node]]] = levels[node] + 1
        return int(levels.max())


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A sum of trees and a `bias`, all in log-odds. `ordinary`: what an average row is given, the roots and the bias."""

    bias: float
    trees: tuple[Tree, ...]
    ordinary: float = field(init=False)
    _roots: Ints = field(init=False, repr=False)
    _nodes: Tree = field(init=False, repr=False)
    _depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sizes = [len(tree.feature) for tree in self.trees]
        roots = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
        object.__setattr__(self, "_roots", roots)
        object.__setattr__(self, "_nodes", _joined(self.trees, roots))
        object.__setattr__(self, "_depth", max((tree.depth for tree in self.trees), default=0))
        object.__setattr__(self, "ordinary", self.bias + float(sum(tree.value[0] for tree in self.trees)))

    def margin(self, columns: Floats) -> Floats:
        """Log-odds of each row, (n,), for `columns` (n, f); NaN is a figure that is missing."""
        found: Floats = np.full(len(columns), self.bias)
        for first in range(0, len(columns), _ROWS):
            rows = columns[first : first + _ROWS]
            at = np.broadcast_to(self._roots, (len(rows), len(self._roots)))
            for _ in range(self._depth):
                at = self._step(rows, at)
            found[first : first + _ROWS] += self._nodes.value[at].sum(axis=1)
        return found

    def parts(self, columns: Floats) -> Floats:
        """What each column gave to each row's log-odds, (n, f); with `ordinary` a row's parts sum to its margin.

        The change of the average along a row's path belongs to the column that was asked (Saabas 2014).
        """
        parts = np.zeros(columns.shape)
        at = np.broadcast_to(self._roots, (len(columns), len(self._roots)))
        lines = np.broadcast_to(np.arange(len(columns))[:, None], at.shape)
        for _ in range(self._depth):
            further = self._step(columns, at)
            asked = self._nodes.feature[at]
            change = self._nodes.value[further] - self._nodes.value[at]
            moved = asked != LEAF
            np.add.at(parts, (lines[moved], asked[moved]), change[moved])
            at = further
        return parts

    def _step(self, rows: Floats, at: Ints) -> Ints:
        """One node further; a leaf stays where it is."""
        nodes = self._nodes
        figures = np.take_along_axis(rows, np.maximum(nodes.feature[at], 0), axis=1)
        left = (figures <= nodes.threshold[at]) | (np.isnan(figures) & nodes.missing_left[at])
        further: Ints = np.where(left, nodes.left[at], nodes.right[at])
        return further


def _joined(trees: Sequence[Tree], roots: Ints) -> Tree:
    """All nodes one after another; a leaf leads to itself."""
    if not trees:
        none = np.empty(0, np.int64)
        return Tree(none, np.empty(0), none, none, np.empty(0, np.bool_), np.empty(0))
    feature = np.concatenate([tree.feature for tree in trees])
    start = np.repeat(roots, [len(tree.feature) for tree in trees])
    itself = np.arange(len(feature))
    left, right = (
        np.where(feature == LEAF, itself, start + np.concatenate(sides))
        for sides in ([tree.left for tree in trees], [tree.right for tree in trees])
    )
    return Tree(
        feature,
        np.concatenate([tree.threshold for tree in trees]),
        left,
        right,
        np.concatenate([tree.missing_left for tree in trees]),
        np.concatenate([tree.value for tree in trees]),
    )
