"""The key with which the fuzzer calls: a new one every few seconds, since it may revoke those it finds."""

import os
from typing import Any

import httpx
import schemathesis

_RENEWED_EVERY_S = 15


@schemathesis.auth(refresh_interval=_RENEWED_EVERY_S)
class FullScopeKey:
    """Made by the organization's owner, who cannot be removed."""

    def get(self, case: Any, context: Any) -> str:
        """A key that may do everything."""
        with httpx.Client(base_url=os.environ["FUZZ_URL"], trust_env=False, timeout=30) as http:
            person = {"email": os.environ["FUZZ_EMAIL"], "password": os.environ["FUZZ_PASSWORD"]}
            session = http.post("/v1/auth/login", json=person).raise_for_status().json()
            header = {"authorization": f"Bearer {session['access_token']}"}
            wanted = {"name": "fuzz", "scopes": ["admin"]}
            return str(http.post("/v1/api-keys", json=wanted, headers=header).raise_for_status().json()["key"])

    def set(self, case: Any, data: str, context: Any) -> None:
        """Call with it."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
