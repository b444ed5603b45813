"""Streams are found by their words, channel, source and date, and know who submitted them and which live source they follow."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Words are derived by the database, for gateways of the version before too; row-level security lets no operator on texts
    but comparison choose an index.
    """
    op.execute("""
        ALTER TABLE streams
            ADD COLUMN created_by text,
            ADD COLUMN live_source text,
            ADD COLUMN source_kind text GENERATED ALWAYS AS (source ->> 'kind') STORED""")
    op.execute("CREATE INDEX streams_by_channel ON streams (organization_id, channel, stream_id)")
    op.execute("CREATE INDEX streams_by_state ON streams (organization_id, state, stream_id)")
    op.execute("CREATE INDEX streams_by_source_kind ON streams (organization_id, source_kind, stream_id)")
    op.execute("CREATE INDEX streams_by_created_at ON streams (organization_id, created_at, stream_id)")
    op.execute("""
        CREATE INDEX streams_by_live_source ON streams (organization_id, live_source)
        WHERE live_source IS NOT NULL""")
    op.execute("""
        CREATE TABLE stream_words (
            organization_id text NOT NULL,
            word text NOT NULL,
            stream_id text NOT NULL REFERENCES streams ON DELETE CASCADE,
            PRIMARY KEY (stream_id, word)
        )""")
    op.execute("CREATE INDEX stream_words_by_word ON stream_words (organization_id, word, stream_id)")
    tenant_table(op.execute, "gateway", "stream_words")
    op.execute("""
        CREATE FUNCTION word_stream() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM stream_words WHERE stream_id = NEW.stream_id;
            INSERT INTO stream_words (organization_id, word, stream_id)
            SELECT NEW.organization_id, unnest(tsvector_to_array(to_tsvector('simple', NEW.title))), NEW.stream_id;
            RETURN NULL;
        END $$""")
    op.execute("CREATE TRIGGER word_new_stream AFTER INSERT ON streams FOR EACH ROW EXECUTE FUNCTION word_stream()")
    op.execute("""
        CREATE TRIGGER word_stream AFTER UPDATE OF title ON streams
        FOR EACH ROW WHEN (NEW.title IS DISTINCT FROM OLD.title) EXECUTE FUNCTION word_stream()""")
    op.execute("""
        INSERT INTO stream_words (organization_id, word, stream_id)
        SELECT organization_id, unnest(tsvector_to_array(to_tsvector('simple', title))), stream_id FROM streams""")
