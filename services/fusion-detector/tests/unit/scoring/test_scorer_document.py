"""The document of a scorer: what comes back is what went in, and nothing else is let in."""

import ast
import json
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

import tldr_fusion_detector
from tldr_fusion_detector.domain.scoring.scorer.checks import InvalidScorer
from tldr_fusion_detector.domain.scoring.scorer.document import LARGEST, read_scorer, write_scorer
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
Break = Callable[[dict[str, Any]], object]


def test_a_document_comes_back_byte_for_byte(scorer: Scorer) -> None:
    document = write_scorer(scorer)
    assert write_scorer(read_scorer(document)) == document
    assert len(document) < LARGEST


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_changed_document_is_refused_or_a_scorer(scorer: Scorer, data: st.DataObject) -> None:
    document = json.loads(write_scorer(scorer))
    document["trees"]["trees"] = document["trees"]["trees"][:3]
    at: Any = document
    while True:
        keys = sorted(at) if isinstance(at, dict) else range(len(at))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    _read_or_refuse(json.dumps(document).encode())


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused(document: bytes) -> None:
    with pytest.raises(InvalidScorer):
        read_scorer(document)


def _first_tree(document: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = next(tree for tree in document["trees"]["trees"] if len(tree["feature"]) > 3)
    return tree


BREAKS: dict[str, Break] = {
    "A scorer must have the fields": lambda d: d.update(more=1),
    "Only version 1": lambda d: d.update(version=2),
    "format is tldr-scorer": lambda d: d.update(format="pickle"),
    "children must come after it": lambda d: _first_tree(d)["left"].__setitem__(1, 0),
    "must have one parent": lambda d: _first_tree(d)["right"].__setitem__(0, _first_tree(d)["left"][0]),
    "The column of a node": lambda d: _first_tree(d)["feature"].__setitem__(0, 5_000),
    "Trees must be a list of 1 to 1000": lambda d: d["trees"].update(trees=d["trees"]["trees"][:1] * 1_001),
    "The value of a node": lambda d: _first_tree(d)["value"].__setitem__(0, True),
    "Words must be sorted": lambda d: d["words"]["words"].reverse(),
    "must not be above the other": lambda d: d["segments"].update(enter=0.2, stay=0.9),
    "The least length": lambda d: d["segments"].update(least_s=10**400),
    "A column's signal": lambda d: d["columns"][0].__setitem__(0, "x" * 101),
}


@pytest.mark.parametrize("sentence", BREAKS)
def test_the_sentence_says_what_is_wrong(scorer: Scorer, sentence: str) -> None:
    document = json.loads(write_scorer(scorer))
    BREAKS[sentence](document)
    with pytest.raises(InvalidScorer, match=sentence):
        read_scorer(json.dumps(document).encode())


@pytest.mark.parametrize("document", [b"[" * 100_000, b'{"format": NaN}', b" " * (LARGEST + 1), b"null", b"\xff"])
def test_no_document_is_too_strange_to_be_refused(document: bytes) -> None:
    with pytest.raises(InvalidScorer):
        read_scorer(document)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_estimator_is_refused(protocol: int) -> None:
    with pytest.raises(InvalidScorer):
        read_scorer(pickle.dumps(HistGradientBoostingClassifier(), protocol))


def test_no_module_of_the_service_can_unpickle() -> None:
    (package,) = tldr_fusion_detector.__path__
    for path in Path(package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {name.partition(".")[0] for name in names}
            assert not roots & {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}, path


def _read_or_refuse(document: bytes) -> None:
    with suppress(InvalidScorer):
        write_scorer(read_scorer(document))
