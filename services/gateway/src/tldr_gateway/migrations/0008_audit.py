"""The audit log becomes a chain, with addresses and what changed."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0008"
down_revision = "0007"

_SERVICE = "gateway"


def upgrade() -> None:
    """The database numbers and hashes each entry when it is committed, whichever version of the gateway wrote it.

    So the head is locked for the moment of the commit alone, and holds up nobody who locks something else afterwards.
    """
    op.execute("""
        ALTER TABLE audit_log
            ADD COLUMN address text,
            ADD COLUMN before text,
            ADD COLUMN after text,
            ADD COLUMN position bigint,
            ADD COLUMN previous_hash bytea,
            ADD COLUMN hash bytea""")
    op.execute("""
        CREATE TABLE audit_heads (
            organization_id text PRIMARY KEY,
            position bigint NOT NULL,
            hash bytea NOT NULL,
            kept_after bigint NOT NULL DEFAULT 0,
            kept_after_hash bytea NOT NULL DEFAULT ''
        )""")
    tenant_table(op.execute, _SERVICE, "audit_heads")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON audit_heads FROM gateway_service, gateway_system")
    _functions()
    op.execute("SELECT chain_audit_entry(number) FROM (SELECT number FROM audit_log ORDER BY number) AS old")
    op.execute("""
        CREATE CONSTRAINT TRIGGER chain_audit_entry AFTER INSERT ON audit_log
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_new_audit_entry()""")
    op.execute("CREATE UNIQUE INDEX audit_log_chain ON audit_log (organization_id, position)")
    op.execute("CREATE INDEX audit_log_by_action ON audit_log (organization_id, action, position)")
    op.execute("CREATE INDEX audit_log_by_actor ON audit_log (organization_id, actor, position)")
    op.execute("CREATE INDEX audit_log_by_time ON audit_log (organization_id, at)")
    op.execute("CREATE INDEX audit_log_by_age ON audit_log (at)")


def _functions() -> None:
    op.execute("""
        CREATE FUNCTION audit_field(written text) RETURNS text LANGUAGE sql IMMUTABLE AS
        $$ SELECT CASE WHEN written IS NULL THEN '-' ELSE octet_length(written) || ':' || written END $$""")
    op.execute("""
        CREATE FUNCTION audit_hash(entry audit_log, place bigint, previous bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
            SELECT sha256(convert_to(
                audit_field(encode(previous, 'hex')) || audit_field(place::text)
                || audit_field(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                || audit_field(entry.organization_id) || audit_field(entry.actor) || audit_field(entry.address)
                || audit_field(entry.action) || audit_field(entry.subject)
                || audit_field(entry.before) || audit_field(entry.after), 'UTF8'))
        $$""")
    # As the owner: the roles of the service may add entries and change nothing.
    op.execute("""
        CREATE FUNCTION chain_audit_entry(added bigint) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE entry audit_log; place bigint; last bytea; made bytea;
        BEGIN
            SELECT * INTO STRICT entry FROM audit_log WHERE number = added;
            INSERT INTO audit_heads AS head (organization_id, position, hash) VALUES (entry.organization_id, 1, '')
            ON CONFLICT (organization_id) DO UPDATE SET position = head.position + 1
            RETURNING head.position, head.hash INTO place, last;
            made := audit_hash(entry, place, last);
            UPDATE audit_log SET position = place, previous_hash = last, hash = made WHERE number = added;
            UPDATE audit_heads SET hash = made WHERE organization_id = entry.organization_id;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION chain_audit_entry FROM PUBLIC")
    op.execute("""
        CREATE FUNCTION chain_new_audit_entry() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM chain_audit_entry(NEW.number);
            RETURN NULL;
        END $$""")
    # The oldest entries of each chain, up to the first that is to be kept; the chain is anchored behind them.
    op.execute("""
        CREATE FUNCTION forget_audit_entries(older_than timestamptz) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE chain record; cut bigint; gone bigint; forgotten bigint := 0;
        BEGIN
            IF older_than > now() - interval '365 days' THEN
                RAISE EXCEPTION 'the audit log is kept for at least a year';
            END IF;
            FOR chain IN SELECT DISTINCT organization_id FROM audit_log WHERE at < older_than ORDER BY 1 LOOP
                SELECT coalesce((SELECT position FROM audit_log WHERE organization_id = chain.organization_id
                                 AND at >= older_than ORDER BY position LIMIT 1), head.position + 1)
                INTO cut FROM audit_heads AS head WHERE organization_id = chain.organization_id FOR UPDATE;
                UPDATE audit_heads SET kept_after = cut - 1, kept_after_hash = last.hash
                FROM audit_log AS last
                WHERE audit_heads.organization_id = chain.organization_id
                  AND last.organization_id = chain.organization_id AND last.position = cut - 1;
                DELETE FROM audit_log WHERE organization_id = chain.organization_id AND position < cut;
                GET DIAGNOSTICS gone = ROW_COUNT;
                forgotten := forgotten + gone;
            END LOOP;
            RETURN forgotten;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION forget_audit_entries FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION forget_audit_entries TO gateway_system")
