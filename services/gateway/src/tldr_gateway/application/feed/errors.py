"""Why a feed cannot be watched, in words for the caller."""

from tldr_web import Problem


class TooManyViewers(Problem):
    """As many follow feeds as the plan allows."""

    def __init__(self, limit: int) -> None:
        detail = (
            f"Your plan lets {limit} viewers follow feeds at a time. Close one, or give one feed to several viewers."
        )
        super().__init__(429, "too_many_viewers", detail, headers={"retry-after": "30"})


class FeedsClosed(Problem):
    """This process takes no further viewers: it stops, or has as many as it can serve."""

    def __init__(self) -> None:
        detail = "No further viewer can follow a feed here now. Try again in a moment."
        super().__init__(503, "temporarily_unavailable", detail, headers={"retry-after": "2"})
