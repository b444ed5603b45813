"""What the API says of webhook endpoints and their messages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from tldr_secrets import redacted, struck

DeliveryState = Literal["pending", "delivered", "abandoned"]
"""`abandoned`: no further attempt is made by itself."""


class EndpointResponse(BaseModel):
    """A webhook endpoint without its secret; its address is shown without user, password and query."""

    id: str
    url: Annotated[str, AfterValidator(redacted)]
    description: str
    types: list[str]
    enabled: bool = Field(
        description="False: it was switched off, because its receiver is gone or failed for five days."
    )
    paused: bool = Field(default=False, description="True: messages are kept for it and wait.")
    header_names: list[str] = Field(
        default=[], description="Headers of your own that are sent along; their values are not shown."
    )
    failing_since: datetime | None = Field(
        default=None, description="Since when no message was taken, if the last one was not."
    )
    replaced_secret_until: datetime | None = Field(
        default=None, description="After a rotation: until when messages are signed with the secret before too."
    )
    created_at: datetime


class NewEndpointResponse(EndpointResponse):
    """A new webhook endpoint. `secret` verifies its signatures; it is shown this once, and so is the whole
    address.
    """

    url: str
    secret: str


class RotatedEndpointResponse(EndpointResponse):
    """An endpoint with another `secret`, which is shown this once."""

    secret: str


class EndpointsResponse(BaseModel):
    """The organization's webhook endpoints."""

    endpoints: list[EndpointResponse]


class AttemptResponse(BaseModel):
    """One attempt to deliver a message."""

    at: datetime
    status: int | None
    error: Annotated[str, AfterValidator(struck)] | None
    duration_ms: int


class DeliveryResponse(BaseModel):
    """A message to an endpoint and what became of it. `message_id` is its `webhook-id`."""

    message_id: str
    type: str
    state: DeliveryState
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: list[AttemptResponse]


class DeliveriesResponse(BaseModel):
    """A page of messages to an endpoint, newest first. Pass `next_cursor` as `cursor` for the next page."""

    deliveries: list[DeliveryResponse]
    next_cursor: str | None


class MessageResponse(DeliveryResponse):
    """A message to an endpoint with what it says: `payload` is the body that was signed, read as JSON."""

    payload: dict[str, Any]


class MessageSentResponse(BaseModel):
    """The message that is on its way, by the `webhook-id` it has."""

    message_id: str


class RecoveryResponse(BaseModel):
    """How many messages are on their way again, oldest first."""

    messages: int


class EventResponse(BaseModel):
    """Something that webhooks tell of. `message_id` and `payload` are the `webhook-id` and the body of its messages."""

    message_id: str
    type: str
    created_at: datetime
    payload: dict[str, Any]


class EventsResponse(BaseModel):
    """Events in order. Pass `next_cursor` as `after` for what comes next, now or later; `has_more`: there is some already."""

    events: list[EventResponse]
    next_cursor: str
    has_more: bool


class DayResponse(BaseModel):
    """Messages that were made on a day (UTC), by what became of them until now."""

    date: date
    pending: int
    delivered: int
    abandoned: int


class FailuresResponse(BaseModel):
    """Attempts that failed in the same way: with this `status`, or without an answer (`error`)."""

    status: int | None
    error: Annotated[str, AfterValidator(struck)] | None
    attempts: int


class EndpointStatisticsResponse(BaseModel):
    """How deliveries to an endpoint go: the messages of some days, oldest first, and all attempts at them, of which half took
    `duration_p50_ms` at most, and 95 of a hundred `duration_p95_ms`.
    """

    days: list[DayResponse]
    attempts: int
    failures: list[FailuresResponse]
    duration_p50_ms: int | None
    duration_p95_ms: int | None
