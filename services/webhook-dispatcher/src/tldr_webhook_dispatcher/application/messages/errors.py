"""What can be wrong with a message."""

from tldr_web import Problem


def message_not_found() -> Problem:
    """No such message to that endpoint."""
    detail = "There is no such message to this endpoint, or not any more. List them with GET …/deliveries."
    return Problem(404, "message_not_found", detail)


def message_pending() -> Problem:
    """It is on its way."""
    detail = "The message is still being delivered; `next_attempt_at` of the message says when. Ask again once it is abandoned."
    return Problem(409, "message_pending", detail)
