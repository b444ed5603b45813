"""HTTP between clients and services: problems, internal tokens, health."""

from tldr_web.application import application
from tldr_web.conventions import answer_with
from tldr_web.document import may
from tldr_web.etags import etag_of, require_match
from tldr_web.internal import InternalAccess, InternalClient, InternalTokens
from tldr_web.known_parameters import known_parameters
from tldr_web.neighbour import UpstreamUnavailable
from tldr_web.problems import LimitReached, Problem

__all__ = [
    "InternalAccess",
    "InternalClient",
    "InternalTokens",
    "LimitReached",
    "Problem",
    "UpstreamUnavailable",
    "answer_with",
    "application",
    "etag_of",
    "known_parameters",
    "may",
    "require_match",
]
