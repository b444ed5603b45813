"""Lists over all streams, and what customers say of their highlights."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0009"
down_revision = "0008"

_SERVICE = "highlight-store"
_THERE = "state IN ('provisional', 'final')"
_SORTS = ("created_at", "confidence", "score", "start_ms")


def upgrade() -> None:
    """What lists are filtered and ordered by is derived by the database: no writer, of this version or the one before, can
    forget it. Row-level security lets operators on documents and arrays choose rows but not indexes, hence columns and labels.
    """
    op.execute("ALTER TABLE streams ADD COLUMN looks text[] NOT NULL DEFAULT '{}'")
    op.execute("""
        ALTER TABLE highlights
            ADD COLUMN title text,
            ADD COLUMN description text NOT NULL DEFAULT '',
            ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
            ADD COLUMN verdict text CHECK (verdict IN ('accepted', 'rejected')),
            ADD COLUMN trim jsonb,
            ADD COLUMN deleted boolean NOT NULL DEFAULT false,
            ADD COLUMN listed boolean NOT NULL DEFAULT true,
            ADD COLUMN score double precision NOT NULL
                GENERATED ALWAYS AS (coalesce((details ->> 'score')::double precision, 0)) STORED,
            ADD COLUMN confidence double precision NOT NULL
                GENERATED ALWAYS AS (coalesce((details ->> 'confidence')::double precision, 0)) STORED,
            ADD COLUMN duration_ms bigint NOT NULL GENERATED ALWAYS AS (end_ms - start_ms) STORED""")
    _listed()
    _labels()
    for column in _SORTS:
        op.execute(f"""
            CREATE INDEX highlights_by_{column} ON highlights (organization_id, {column}, highlight_id)
            WHERE listed AND {_THERE}""")
    op.execute(f"""
        CREATE INDEX highlights_by_verdict ON highlights (organization_id, verdict, created_at, highlight_id)
        WHERE verdict IS NOT NULL AND listed AND {_THERE}""")
    op.execute("""
        CREATE INDEX highlights_provisional ON highlights (organization_id, created_at, highlight_id)
        WHERE state = 'provisional' AND listed""")


def _listed() -> None:
    """`listed`: of the run that is shown of its stream, as `Highlights.page` says which one that is."""
    op.execute("CREATE INDEX highlights_by_stream_and_run ON highlights (stream_id, run_id)")
    op.execute("DROP INDEX highlights_by_run")
    op.execute("CREATE INDEX highlights_by_run ON highlights (run_id, start_ms, highlight_id)")
    op.execute("""
        CREATE FUNCTION list_highlight() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE shown text := (SELECT default_run FROM streams WHERE stream_id = NEW.stream_id);
        BEGIN
            IF shown IS NOT NULL THEN
                NEW.listed := NEW.run_id = shown;
            ELSE
                NEW.listed := NOT EXISTS (
                    SELECT FROM highlights WHERE stream_id = NEW.stream_id AND run_id > NEW.run_id);
                IF NEW.listed THEN
                    UPDATE highlights SET listed = false
                    WHERE stream_id = NEW.stream_id AND run_id < NEW.run_id AND listed;
                END IF;
            END IF;
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER list_highlight BEFORE INSERT ON highlights FOR EACH ROW EXECUTE FUNCTION list_highlight()""")
    op.execute("""
        CREATE FUNCTION list_default_run() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE highlights SET listed = (run_id = NEW.default_run)
            WHERE stream_id = NEW.stream_id AND listed <> (run_id = NEW.default_run);
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER list_first_run AFTER INSERT ON streams FOR EACH ROW
        WHEN (NEW.default_run IS NOT NULL) EXECUTE FUNCTION list_default_run()""")
    op.execute("""
        CREATE TRIGGER list_default_run AFTER UPDATE OF default_run ON streams FOR EACH ROW
        WHEN (NEW.default_run IS NOT NULL AND NEW.default_run IS DISTINCT FROM OLD.default_run)
        EXECUTE FUNCTION list_default_run()""")
    op.execute("""
        UPDATE highlights SET listed = false FROM (
            SELECT found.stream_id, coalesce(streams.default_run, max(found.run_id)) AS run_id
            FROM highlights AS found LEFT JOIN streams USING (stream_id)
            GROUP BY found.stream_id, streams.default_run
        ) AS shown
        WHERE highlights.stream_id = shown.stream_id AND highlights.run_id <> shown.run_id""")


def _labels() -> None:
    """Types, tags and words that highlights are found by."""
    op.execute("""
        CREATE TABLE highlight_labels (
            organization_id text NOT NULL,
            label text NOT NULL,
            highlight_id text NOT NULL REFERENCES highlights ON DELETE CASCADE,
            PRIMARY KEY (highlight_id, label)
        )""")
    op.execute("CREATE INDEX highlight_labels_by_label ON highlight_labels (organization_id, label, highlight_id)")
    tenant_table(op.execute, _SERVICE, "highlight_labels")
    op.execute("""
        CREATE FUNCTION labels_of(details jsonb, title text, description text, tags text[]) RETURNS SETOF text
        LANGUAGE sql IMMUTABLE AS $$
            SELECT 'type:' || value FROM jsonb_array_elements_text(coalesce(details -> 'types', '[]')) AS value
            UNION SELECT 'tag:' || value FROM unnest(tags) AS value
            UNION SELECT 'word:' || value FROM unnest(tsvector_to_array(
                to_tsvector('simple', coalesce(title, details ->> 'title', '') || ' ' || description))) AS value
        $$""")
    op.execute("""
        CREATE FUNCTION label_highlight() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM highlight_labels WHERE highlight_id = NEW.highlight_id AND label NOT IN (
                SELECT labels_of(NEW.details, NEW.title, NEW.description, NEW.tags));
            INSERT INTO highlight_labels (organization_id, label, highlight_id)
            SELECT NEW.organization_id, labels_of(NEW.details, NEW.title, NEW.description, NEW.tags), NEW.highlight_id
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER label_new_highlight AFTER INSERT ON highlights
        FOR EACH ROW EXECUTE FUNCTION label_highlight()""")
    op.execute("""
        CREATE TRIGGER label_highlight AFTER UPDATE OF details, title, description, tags ON highlights
        FOR EACH ROW WHEN (
            (NEW.details -> 'types', NEW.details ->> 'title', NEW.title, NEW.description, NEW.tags)
            IS DISTINCT FROM
            (OLD.details -> 'types', OLD.details ->> 'title', OLD.title, OLD.description, OLD.tags)
        ) EXECUTE FUNCTION label_highlight()""")
    op.execute("""
        INSERT INTO highlight_labels (organization_id, label, highlight_id)
        SELECT organization_id, labels_of(details, title, description, tags), highlight_id FROM highlights""")
