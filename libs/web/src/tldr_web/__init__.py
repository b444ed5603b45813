"""HTTP between clients and services: problems, internal tokens, health."""

from tldr_web.application import application
from tldr_web.etags import etag_of, require_match
from tldr_web.internal import InternalAccess, InternalClient, InternalTokens, UpstreamUnavailable
from tldr_web.known_parameters import known_parameters
from tldr_web.problems import Problem

__all__ = [
    "InternalAccess",
    "InternalClient",
    "InternalTokens",
    "Problem",
    "UpstreamUnavailable",
    "application",
    "etag_of",
    "known_parameters",
    "require_match",
]
