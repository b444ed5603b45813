"""What the API refuses."""

from typing import Any

import httpx


class ApiProblem(Exception):
    """The API refused: `code` for programs, `detail` says what to do."""

    def __init__(self, status: int, code: str, detail: str, errors: list[dict[str, str]]) -> None:
        fields = "".join(f" {error['field']}: {error['problem']}." for error in errors)
        super().__init__(f"{detail}{fields} ({status} {code})")
        self.status = status
        self.code = code
        self.detail = detail


def checked(response: httpx.Response) -> dict[str, Any]:
    """The answer's JSON; ApiProblem where it is none of success."""
    if response.is_success:
        body: dict[str, Any] = response.json() if response.content else {}
        return body
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    raise ApiProblem(
        response.status_code,
        problem.get("code", "http_error"),
        problem.get("detail", f"The API answered {response.status_code}."),
        problem.get("errors", []),
    )
