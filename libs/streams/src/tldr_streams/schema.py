"""Words for migrations: what every service's table `streams` has."""

from collections.abc import Mapping

from tldr_database.schema import Execute
from tldr_streams.state import StreamState


def name_states(execute: Execute, former: Mapping[str, StreamState]) -> None:
    """Turn the column `standing` of a version before into `state`. `former`: what its words, where they differ, mean now.

    Changing a column's type rewrites every row, whichever organization it is of; an UPDATE would see none of them.
    """
    execute("ALTER TABLE streams DROP CONSTRAINT IF EXISTS streams_standing_check")
    execute("ALTER TABLE streams RENAME COLUMN standing TO state")
    if former:
        cases = " ".join(f"WHEN '{word}' THEN '{state}'" for word, state in former.items())
        execute(f"ALTER TABLE streams ALTER COLUMN state TYPE text USING CASE state {cases} ELSE state END")
    check_states(execute)


def check_states(execute: Execute) -> None:
    """Let the column `state` hold what can be read."""
    states = ", ".join(f"'{state}'" for state in StreamState)
    execute(f"ALTER TABLE streams ADD CONSTRAINT streams_state_check CHECK (state IN ({states}))")


def end_instead_of_touch(execute: Execute) -> None:
    """Turn `touched_at`, the time of any last word, into `ended_at`: a stream at work has none. Comes after `name_states`."""
    execute("ALTER TABLE streams ALTER COLUMN touched_at DROP NOT NULL, ALTER COLUMN touched_at DROP DEFAULT")
    execute(
        "ALTER TABLE streams ALTER COLUMN touched_at TYPE timestamptz"
        f" USING CASE WHEN state <> '{StreamState.ACTIVE}' THEN touched_at END"
    )
    execute("ALTER TABLE streams RENAME COLUMN touched_at TO ended_at")
    execute("ALTER TABLE streams ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()")
    execute("DROP INDEX streams_by_age")
    execute("CREATE INDEX streams_ended ON streams (ended_at) WHERE ended_at IS NOT NULL")
