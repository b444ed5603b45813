"""What can be wrong with a request about people, in words for the caller."""

from datetime import datetime

from tldr_web import Problem


class RegistrationClosed(Problem):
    """Nobody registers here by themselves."""

    def __init__(self) -> None:
        detail = "Nobody can register here by themselves. Ask the operator, or somebody of your organization for an invitation."
        super().__init__(403, "registration_closed", detail)


class MailNotConfigured(Problem):
    """Letters are part of this, and there is no way out for them."""

    def __init__(self) -> None:
        detail = "This needs a letter to be sent, and no mail server is set up here. Tell the operator."
        super().__init__(503, "mail_not_configured", detail)


class InvalidEmailToken(Problem):
    """No token of a letter, or one that was used or is over."""

    def __init__(self) -> None:
        detail = "The token is wrong, was used before, or is too old. Ask for another letter."
        super().__init__(403, "invalid_email_token", detail)


class TooManyAttempts(Problem):
    """Somebody tries too often."""

    def __init__(self, until: datetime, now: datetime) -> None:
        seconds = max(1, round((until - now).total_seconds()))
        detail = f"There were too many attempts. Try again after {until.isoformat(timespec='seconds')}."
        super().__init__(429, "too_many_attempts", detail, headers={"retry-after": str(seconds)})


class MemberNotFound(Problem):
    """There is nobody of this id in the organization."""

    def __init__(self) -> None:
        super().__init__(404, "member_not_found", "There is no member of this id. List them with GET /v1/members.")


class MemberExists(Problem):
    """They are here already."""

    def __init__(self) -> None:
        super().__init__(409, "member_exists", "Somebody with this address is a member or was invited already.")


class InvitationNotFound(Problem):
    """There is no open invitation of this id."""

    def __init__(self) -> None:
        detail = "There is no open invitation of this id. List them with GET /v1/invitations."
        super().__init__(404, "invitation_not_found", detail)


class TooManyMembers(Problem):
    """The number of members is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"There can be {limit} members and open invitations. Remove one first."
        super().__init__(409, "too_many_members", detail)


class LastOwner(Problem):
    """Without them nobody could do everything."""

    def __init__(self) -> None:
        super().__init__(409, "last_owner", "This is the last owner. Make somebody else an owner first.")


class RoleNotYours(Problem):
    """A role that may do more than the caller, or for longer, or from elsewhere."""

    def __init__(self, role: str) -> None:
        detail = (
            f"Members with the role {role} may do more than your credential, for longer, or from elsewhere,"
            " so it can neither give nor take away that role. Use one that may do as much."
        )
        super().__init__(403, "role_not_yours", detail)


class TooBusy(Problem):
    """More passwords are being checked than this instance can."""

    def __init__(self) -> None:
        detail = "Too many people log in at this moment. Nothing is lost; try again in a moment."
        super().__init__(503, "temporarily_unavailable", detail, headers={"retry-after": "5"})
