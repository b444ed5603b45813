"""What webhooks send, for the API's document: made from the registry that the sending service takes its messages from."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header
from pydantic import BaseModel, create_model

from tldr_contracts.webhooks import WEBHOOKS, Webhook

_TAKEN = "The message was taken, as with any 2xx within 15 seconds."
_FAILED: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"description": "Whatever else, a redirect included, is a failed attempt: the next one follows."}
}


def documented() -> APIRouter:
    """A webhook for each type. Nothing answers here: receivers do."""
    router = APIRouter()
    for webhook in WEBHOOKS:
        router.add_api_route(
            webhook.name,
            _receiver(_message(webhook)),
            methods=["POST"],
            operation_id=webhook.name.replace(".", "_"),
            summary=webhook.name,
            description=webhook.means,
            status_code=204,
            response_description=_TAKEN,
            responses=_FAILED,
            tags=["webhooks"],
        )
    return router


def _message(webhook: Webhook) -> type[BaseModel]:
    name = "".join(word.capitalize() for word in webhook.name.split("."))
    kind: Any = Literal[webhook.name]
    return create_model(f"{name}Message", __doc__=webhook.means, type=kind, timestamp=datetime, data=webhook.data)


def _receiver(message: type[BaseModel]) -> Any:
    async def receive(
        webhook_id: Annotated[str, Header(description="The same at every attempt: drop what you have seen")],
        webhook_timestamp: Annotated[int, Header(description="Seconds since 1970, of this attempt")],
        webhook_signature: Annotated[str, Header(description="`v1,…`; verify it by Standard Webhooks 1.0")],
        said: message,  # type: ignore[valid-type]  # made above
    ) -> None: ...

    return receive
