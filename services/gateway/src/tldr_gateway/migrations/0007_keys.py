"""Keys with finer scopes, allowed networks, their last use and a secret that was replaced."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What a key of before was given, in the scopes of now: `granted`.

    `scopes` stays for gateways of the version before while they run; keys that they still make are given theirs by a trigger.
    A key that had every scope there was could do whatever there was to do, and is `admin`.
    """
    op.execute("""
        CREATE FUNCTION granted_by(scopes text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE
                WHEN scopes @> ARRAY['streams:read', 'streams:write', 'webhooks:read', 'webhooks:write',
                                     'organization:read', 'keys:write']
                THEN ARRAY['admin']
                ELSE ARRAY(
                    SELECT DISTINCT granted
                    FROM unnest(scopes) AS scope, unnest(CASE scope
                        WHEN 'streams:read' THEN ARRAY['streams:read', 'highlights:read', 'configuration:read']
                        WHEN 'streams:write' THEN ARRAY['streams:write', 'streams:delete',
                                                        'highlights:write', 'highlights:delete']
                        WHEN 'webhooks:write' THEN ARRAY['webhooks:write', 'webhooks:delete']
                        WHEN 'keys:write' THEN ARRAY['api-keys:write']
                        ELSE ARRAY[scope]
                    END) AS granted
                    ORDER BY granted)
            END
        $$""")
    op.execute("""
        ALTER TABLE api_keys
            ALTER COLUMN scopes SET DEFAULT '{}',
            ADD COLUMN granted text[],
            ADD COLUMN allowed_cidrs text[] NOT NULL DEFAULT '{}',
            ADD COLUMN created_by text,
            ADD COLUMN last_used_at timestamptz,
            ADD COLUMN replaced_prefix text UNIQUE,
            ADD COLUMN replaced_digest bytea,
            ADD COLUMN replaced_until timestamptz""")
    op.execute("UPDATE api_keys SET granted = granted_by(scopes)")
    op.execute("ALTER TABLE api_keys ALTER COLUMN granted SET NOT NULL")
    op.execute("""
        CREATE FUNCTION grant_scopes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.granted := granted_by(NEW.scopes);
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER grant_scopes BEFORE INSERT ON api_keys
        FOR EACH ROW WHEN (NEW.granted IS NULL) EXECUTE FUNCTION grant_scopes()""")
    op.execute(
        "CREATE INDEX api_keys_of_organization ON api_keys (organization_id, key_id DESC) WHERE revoked_at IS NULL"
    )
