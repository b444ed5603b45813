"""The table of jobs, for the first migration of a service that has any."""

from tldr_database.schema import Execute, tenant_table

CHANNEL = "tldr_jobs"
"""Notified with a kind when a job of it may run, and with nothing when jobs were cancelled."""

# `due_at` is when somebody may lease the job: of a waiting job the time to start, of a running one the end of its lease.
# `token` counts the leases. `generation` counts how often a waiting armed job was armed.
_TABLE = """
CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    organization_id text NOT NULL,
    subject text NOT NULL,
    key text,
    payload jsonb NOT NULL DEFAULT '{}',
    priority integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    due_at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL DEFAULT 0,
    token bigint NOT NULL DEFAULT 0,
    armed boolean NOT NULL DEFAULT false CHECK (NOT armed OR key IS NOT NULL),
    generation bigint NOT NULL DEFAULT 1,
    exhausted boolean NOT NULL DEFAULT false,
    error_code text,
    error_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
)
"""

_INDEXES = (
    # In the order in which jobs are leased; `due_at` is last so that those not yet due are passed over in the index.
    "CREATE INDEX jobs_lease ON jobs (kind, priority DESC, id, due_at) WHERE state IN ('waiting', 'running')",
    "CREATE INDEX jobs_due ON jobs (kind, due_at) WHERE state IN ('waiting', 'running')",
    "CREATE INDEX jobs_key ON jobs (organization_id, key, id) WHERE key IS NOT NULL AND state IN ('waiting', 'running')",
    "CREATE INDEX jobs_subject ON jobs (organization_id, subject) WHERE state IN ('waiting', 'running')",
    "CREATE INDEX jobs_finished ON jobs (state, finished_at) WHERE finished_at IS NOT NULL",
    # Two leases of one key cannot both commit, also when an older job became visible only after a younger one was leased.
    "CREATE UNIQUE INDEX jobs_one_running ON jobs (organization_id, key) WHERE key IS NOT NULL AND state = 'running'",
    # What arming meets: the job that nobody has leased yet. Once it was leased, it may have read too early.
    "CREATE UNIQUE INDEX jobs_one_armed ON jobs (organization_id, kind, key) "
    "WHERE armed AND state = 'waiting' AND token = 0",
)

_FAIR_INDEXES = (
    # In the order in which an organization's jobs are leased; `due_at` is last so that those not yet due are passed over in
    # the index.
    "CREATE INDEX jobs_lease ON jobs (kind, organization_id, priority DESC, subject, id, due_at)"
    " WHERE state IN ('waiting', 'running')",
    "CREATE INDEX jobs_running ON jobs (kind, organization_id, due_at) WHERE state = 'running'",
)


def create(execute: Execute, service: str) -> None:
    """Create the table `jobs`, its indexes, grants and row-level security; `execute` is Alembic's `op.execute`."""
    execute(_TABLE)
    for index in _INDEXES:
        execute(index)
    tenant_table(execute, service, "jobs")


def lease_fairly(execute: Execute) -> None:
    """The indexes of leasing between organizations, in place of that of leasing by priority alone."""
    execute("DROP INDEX jobs_lease")
    for index in _FAIR_INDEXES:
        execute(index)


def lease_by_age(execute: Execute) -> None:
    """Jobs that go by age, and the index of leasing with them."""
    execute("ALTER TABLE jobs ADD COLUMN by_age boolean NOT NULL DEFAULT false")
    execute("DROP INDEX jobs_lease")
    execute(
        "CREATE INDEX jobs_lease ON jobs"
        " (kind, organization_id, priority DESC, (CASE WHEN by_age THEN '' ELSE subject END), id, due_at)"
        " WHERE state IN ('waiting', 'running')"
    )


def drop(execute: Execute) -> None:
    """Undo `create`."""
    execute("DROP TABLE jobs")
