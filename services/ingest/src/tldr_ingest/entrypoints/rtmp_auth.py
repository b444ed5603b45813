"""MediaMTX asks who may publish and read."""

import base64
import binascii
import hmac
from typing import Annotated
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from tldr_ingest.application.push.admit_publisher import AdmitPublisher

_FOLDER = "live/"
_Short = Annotated[str, Field(max_length=1024)]


class Question(BaseModel):
    """As MediaMTX sends it; what is not named here is passed by."""

    action: _Short
    path: _Short = ""
    query: _Short = ""
    password: _Short = Field(default="", repr=False)
    token: _Short = Field(default="", repr=False)
    ip: _Short = ""


def rtmp_auth(admit: AdmitPublisher, secret: str) -> APIRouter:
    """The route, where there is a secret. The path's last part names the stream; the key is beside it, since paths are logged:
    `live/STREAM?key=KEY`, or as the password or token of protocols that have one.
    """
    routes = APIRouter(prefix="/internal/rtmp", include_in_schema=False)

    @routes.post("/auth")
    async def auth(question: Question, authorization: Annotated[str, Header(max_length=1024)] = "") -> Response:
        if not _same(_password(authorization), secret):
            return Response(status_code=401)
        if question.action == "publish":
            return Response(status_code=200 if await _may_publish(admit, question) else 401)
        # A stream is read back by this service only.
        reads = question.action in ("read", "playback") and _same(question.password, secret)
        return Response(status_code=200 if reads else 401)

    return routes


async def _may_publish(admit: AdmitPublisher, question: Question) -> bool:
    keys = parse_qs(question.query).get("key", [])
    key = keys[0] if keys else question.password or question.token
    if not question.path.startswith(_FOLDER) or not key:
        return False
    given = f"{question.path.removeprefix(_FOLDER)}?key={quote(key, safe='')}"
    return await admit(given, question.ip, by_name=True) is not None


def _password(authorization: str) -> str:
    kind, _, encoded = authorization.partition(" ")
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2] if kind.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(said: str, secret: str) -> bool:
    return bool(secret) and hmac.compare_digest(said.encode(), secret.encode())
