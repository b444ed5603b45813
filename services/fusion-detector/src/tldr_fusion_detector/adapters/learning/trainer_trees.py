"""Gradient boosting by scikit-learn, and its trees as the detector's own arrays."""

import sys
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tldr_fusion_detector.domain.moments.agreement import Inside
from tldr_fusion_detector.domain.scoring.scorer.trees import LEAF, Tree, Trees
from tldr_fusion_detector.domain.signals.signals import Floats

SEED = 20_260_101


def grow_trees(columns: Floats, inside: Inside) -> Trees:
    """Trees that tell rows (n, f) inside moments from others; NaN is a figure that is missing. Always the same ones.

    Small steps, large leaves and a fifth of the columns for each split: labels are noisy and neighbouring seconds alike.
    """
    # A leaf of less than half a per cent of the rows is a single moment of a single stream.
    leaf = int(np.clip(len(columns) // 200, 20, 300))
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=200,
        max_leaf_nodes=15,
        max_depth=8,
        min_samples_leaf=leaf,
        l2_regularization=30.0,
        max_features=0.2,
        early_stopping=False,
        random_state=SEED,
    )
    return as_trees(model.fit(columns, inside))


def as_trees(model: HistGradientBoostingClassifier) -> Trees:
    """The fitted trees of a classifier with two classes; the same log-odds to rounding."""
    predictors = [predictor for (predictor,) in model._predictors]
    return Trees(float(np.ravel(model._baseline_prediction)[0]), tuple(_tree(p.nodes) for p in predictors))


def _tree(nodes: Any) -> Tree:
    leaf = nodes["is_leaf"].astype(np.bool_)
    left, right = (np.where(leaf, 0, nodes[side]).astype(np.int64) for side in ("left", "right"))
    value = np.where(leaf, nodes["value"], 0.0).astype(np.float64)
    weight = nodes["count"].astype(np.float64)
    for node in np.flatnonzero(~leaf)[::-1]:  # children lie behind their parents
        children = [left[node], right[node]]
        value[node] = weight[children] @ value[children] / weight[children].sum()
    # A split into missing and present has no finite threshold.
    threshold = np.clip(nodes["num_threshold"].astype(np.float64), -sys.float_info.max, sys.float_info.max)
    return Tree(
        np.where(leaf, LEAF, nodes["feature_idx"]).astype(np.int64),
        np.where(leaf, 0.0, threshold),
        left,
        right,
        ~leaf & nodes["missing_go_to_left"].astype(np.bool_),
        value,
    )
