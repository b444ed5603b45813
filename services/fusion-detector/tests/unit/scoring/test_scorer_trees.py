"""Trees served by the detector against the classifier they come from."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tldr_fusion_detector.adapters.learning.trainer_trees import as_trees, grow_trees
from tldr_fusion_detector.domain.scoring.scorer.scorer import logistic

Floats = NDArray[np.float64]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in training; threads that wait for one another take a hundred times as long on a busy machine."""
    with threadpool_limits(1):
        yield


def made_rows(seed: int, count: int = 600) -> tuple[Floats, NDArray[np.bool_]]:
    """Rows of which some figures are missing, and a label that depends on them and on what is missing."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, 5))
    label = rows[:, 0] + rows[:, 1] * rows[:, 2] + 0.5 * rng.normal(size=count) > 0.3
    rows[rng.uniform(size=rows.shape) < 0.15] = np.nan
    return rows, label | np.isnan(rows[:, 3])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_served_score_is_what_the_classifier_predicts(seed: int) -> None:
    rows, label = made_rows(seed)
    model = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=12, random_state=0).fit(rows, label)
    unseen, _ = made_rows(seed + 100)
    served = logistic(as_trees(model).margin(unseen))
    assert np.abs(served - model.predict_proba(unseen)[:, 1]).max() < 1e-9


def test_the_parts_of_a_row_sum_to_its_log_odds() -> None:
    trees = grow_trees(*made_rows(9))
    rows, _ = made_rows(10, 5_000)
    assert np.abs(trees.ordinary + trees.parts(rows).sum(axis=1) - trees.margin(rows)).max() < 1e-12


def test_a_column_that_is_never_asked_gives_nothing() -> None:
    rows, label = made_rows(5)
    rows[:, 4] = 1.0
    assert not grow_trees(rows, label).parts(rows)[:, 4].any()


def test_the_same_rows_grow_the_same_trees() -> None:
    rows, label = made_rows(6)
    assert np.array_equal(grow_trees(rows, label).margin(rows), grow_trees(rows, label).margin(rows))
