"""Parsed scorers: a document of megabytes is read once in a process, not at every advance."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from tldr_fusion_detector.domain.scoring.scorer.checks import InvalidScorer
from tldr_fusion_detector.domain.scoring.scorer.document import read_scorer
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer


class ScorerShelf:
    """The scorers used last, by the digest of their documents: whoever knows the digest has had the document."""

    def __init__(self, at_most: int = 8) -> None:
        self._at_most = at_most
        self._known: OrderedDict[str, Scorer] = OrderedDict()

    async def take(self, digest: str, load: Callable[[], Awaitable[bytes | None]]) -> Scorer | None:
        """The scorer of this digest; None where what `load` gives is gone, another, or none that can be read."""
        scorer = self._known.get(digest)
        if scorer is None:
            document = await load()
            if document is None or digest_of(document) != digest:
                return None
            try:
                scorer = await asyncio.to_thread(read_scorer, document)
            except InvalidScorer:
                return None
        self._known[digest] = scorer
        self._known.move_to_end(digest)
        while len(self._known) > self._at_most:
            self._known.popitem(last=False)
        return scorer


def digest_of(document: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(document).hexdigest()
