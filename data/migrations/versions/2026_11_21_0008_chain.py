"""The chain of events, and the counters of the subjects."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The text of a row must not depend on the session that hashes it: hence the settings.
EVENT_HASH = """
CREATE FUNCTION guatu_event_hash(one event) RETURNS bytea
LANGUAGE sql STABLE
SET timezone = 'UTC' SET search_path = public, pg_temp
AS $$
    SELECT sha256(one.previous_hash || convert_to((to_jsonb(one) - 'hash')::text, 'UTF8'))
$$
"""

# Links are forged one at a time: the lock is kept until the writing transaction ends. pg_temp comes
# last in the path, so that no temporary table can pose as the chain.
EVENT_CHAIN = """
CREATE FUNCTION guatu_chain_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    last event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guatu_event'));
    SELECT * INTO last FROM event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.happened_at := clock_timestamp();
    NEW.previous_hash := coalesce(last.hash, '\\x'::bytea);
    NEW.hash := guatu_event_hash(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER chain BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION guatu_chain_event()
"""

EVENT_STAYS = """
CREATE FUNCTION guatu_keep_event() RETURNS trigger
LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'events are only ever added'; END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION guatu_keep_event();
REVOKE UPDATE, DELETE, TRUNCATE ON event FROM guatu_app
"""


def upgrade() -> None:
    op.execute(EVENT_HASH)
    op.execute(EVENT_CHAIN)
    op.execute(EVENT_STAYS)
    op.execute(
        "INSERT INTO revision (subject) VALUES "
        "('grids'), ('ledgers'), ('streetlights'), ('rectifications')"
    )


def downgrade() -> None:
    op.execute("""
        DELETE FROM revision;
        DROP TRIGGER keep ON event;
        DROP TRIGGER chain ON event;
        DROP FUNCTION guatu_keep_event;
        DROP FUNCTION guatu_chain_event;
        DROP FUNCTION guatu_event_hash;
        GRANT UPDATE, DELETE ON event TO guatu_app
    """)
