"""A body for each operation that takes one, as the API's document shows it."""

from typing import Any, Final

_LETTER = "the token of the letter"
_PHRASE = "correct horse battery staple"
_EMAIL = "ada@example.com"
_NOISE: Final = {
    "dimensions": [
        {"name": "noise", "weight": 3, "signals": [{"signal": "audio.crowd", "weight": 1}]},
        {"name": "chatter", "weight": 1, "signals": [{"signal": "chat.rate", "weight": 1}]},
    ]
}
_ROAR: Final = {"name": "roar", "title": "The hall roars", "criteria": {"min_scores": {"noise": 0.5}}}

EXAMPLES: Final[dict[str, Any]] = {
    "create_organization": {"name": "Example Broadcasting", "owner": {"email": _EMAIL}},
    "request_registration": {"organization": "Example Broadcasting", "email": _EMAIL, "password": _PHRASE},
    "confirm_registration": {"token": _LETTER},
    "log_in": {"email": _EMAIL, "password": _PHRASE},
    "log_in_browser": {"email": _EMAIL, "password": _PHRASE},
    "refresh_session": {"refresh_token": "the refresh token of the answer before"},
    "log_out": {"refresh_token": "the refresh token of the answer before"},
    "request_password_reset": {"email": _EMAIL},
    "reset_password": {"token": _LETTER, "password": _PHRASE},
    "create_invitation": {"email": "grace@example.com", "role": "member"},
    "accept_invitation": {"token": _LETTER, "password": _PHRASE},
    "update_member": {"role": "viewer"},
    "create_api_key": {
        "name": "production",
        "scopes": ["streams:read", "streams:write", "highlights:read"],
        "expires_at": "2030-01-31T00:00:00Z",
        "allowed_cidrs": ["192.0.2.0/24"],
    },
    "update_api_key": {"name": "production, read only", "scopes": ["streams:read", "highlights:read"]},
    "rotate_api_key": {"grace_s": 3600},
    "create_upload": {"kind": "media", "size_bytes": 734003200, "content_type": "video/mp4"},
    "create_stream": {
        "title": "Grand final",
        "source": {"url": "https://example.com/final.mp4"},
        "chat": {"url": "https://example.com/final-chat.json"},
        "preset": "gaming",
        "metadata": {"season": "2030"},
    },
    "update_stream": {"title": "Grand final, second half"},
    "push_chat": {"messages": [{"id": "m1", "offset_ms": 61500, "author": "viewer", "text": "what a save"}]},
    "push_signals": {"samples": [{"name": "kills", "offset_ms": 61000, "value": 2}]},
    "rescore_stream": {"preset": "sports", "make_default": True},
    "create_playlist_link": {"expires_in_s": 3600},
    "create_dimension_set": {"name": "Ours", **_NOISE, "types": [_ROAR]},
    "clone_dimension_set": {"name": "Ours, like the preset"},
    "update_dimension_set": {"name": "Ours, louder"},
    "create_highlight_type": _ROAR,
    "update_highlight_type": {"title": "The whole hall roars"},
    "create_processing_config": {"name": "Short ones", "min_score": 0.4, "min_length_ms": 5000, "max_length_ms": 20000},
    "update_processing_config": {"max_per_hour": 12},
    "dry_run_stream": {"dimension_set": {**_NOISE, "types": [_ROAR]}},
    "update_highlight": {"title": "The save of the season", "tags": ["goalkeeper"]},
    "trim_highlight": {"start_ms": 61000, "end_ms": 73500},
    "give_verdict": {"verdict": "accepted", "start_ms": 61000, "end_ms": 73500},
    "create_scorer": {"name": "our-editors", "from_verdicts": True},
    "create_webhook_endpoint": {
        "url": "https://example.com/webhooks",
        "description": "clips for the editors",
        "types": ["highlight.ready", "stream.completed"],
    },
    "update_webhook_endpoint": {"paused": True},
    "recover_messages": {"since": "2030-01-31T20:15:00Z"},
    "rotate_webhook_secret": {"overlap_s": 86400},
}
