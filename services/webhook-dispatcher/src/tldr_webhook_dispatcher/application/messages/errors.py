"""What can be wrong with a message."""

from datetime import timedelta

from tldr_web import Problem


def message_not_found() -> Problem:
    """No such message to that endpoint."""
    detail = "There is no such message to this endpoint, or not any more. List them with GET …/deliveries."
    return Problem(404, "message_not_found", detail)


def message_pending() -> Problem:
    """It is on its way."""
    detail = "The message is still being delivered; `next_attempt_at` of the message says when. Ask again once it is abandoned."
    return Problem(409, "message_pending", detail)


def events_forgotten() -> Problem:
    """Some of those that were asked for are not kept any more."""
    detail = (
        "Events behind this place are not kept any more. List highlights and streams, then read on without `after`."
    )
    return Problem(410, "events_forgotten", detail)


def event_not_found() -> Problem:
    """No such event, or none that is kept."""
    detail = "There is no event of this id, or not any more; a webhook.test is none. Read without `after`, from the oldest one."
    return Problem(404, "event_not_found", detail)


def since_too_old(retention: timedelta) -> Problem:
    """Messages of that time are not kept any more."""
    errors = [{"field": "since", "problem": f"is more than {retention.days} days ago"}]
    detail = f"Messages are kept for {retention.days} days. Ask for those since a later time."
    return Problem(422, "since_too_old", detail, errors=errors)
