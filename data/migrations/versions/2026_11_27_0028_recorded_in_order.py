"""What is written is recorded when it is written, and a bulletin can wait for all that is."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# A transaction records all it writes at one moment, taken once it holds its share of the lock: who
# holds the whole lock knows that nothing is under way which was recorded before. Called stable,
# since it says the same throughout a statement: a volatile default would slow COPY down.
TAKE_MOMENT = """
CREATE FUNCTION guatu_take_moment() RETURNS timestamptz LANGUAGE plpgsql STABLE
AS $$
DECLARE
    taken timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('guatu_recorded'));
    taken := public.guatu_clock(clock_timestamp());
    PERFORM set_config('guatu.recorded_at', taken::text, true);
    RETURN taken;
END
$$
"""

# Inlined wherever it is called, for it is asked for each row.
NOW = """
CREATE FUNCTION guatu_now() RETURNS timestamptz LANGUAGE sql STABLE
AS $$
    SELECT coalesce(
        nullif(current_setting('guatu.recorded_at', true), '')::timestamptz,
        public.guatu_take_moment()
    )
$$
"""
ALL_RECORDED = """
CREATE FUNCTION guatu_all_recorded() RETURNS timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guatu_recorded'));
    RETURN guatu_clock(clock_timestamp());
END
$$
"""

# The same chain as before. Who waits for its end holds the lock of what is recorded already: the
# two are always taken in this order.
EVENT_CHAIN = """
CREATE OR REPLACE FUNCTION guatu_chain_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    last event;
BEGIN
    {first}
    PERFORM pg_advisory_xact_lock(hashtext('guatu_event'));
    SELECT * INTO last FROM event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.happened_at := guatu_clock(clock_timestamp());
    NEW.previous_hash := coalesce(last.hash, '\\x'::bytea);
    NEW.hash := guatu_event_hash(NEW);
    RETURN NEW;
END
$$
"""
SET_DEFAULTS = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default IS NOT NULL
            AND column_name IN ('recorded_at', 'replaced_at', 'submitted_at')
    LOOP
        EXECUTE format(
            'ALTER TABLE %I ALTER COLUMN %I SET DEFAULT {now}()', one.table_name, one.column_name
        );
    END LOOP;
END
$$
"""


def upgrade() -> None:
    op.execute(TAKE_MOMENT)
    op.execute(NOW)
    op.execute(ALL_RECORDED)
    op.execute(EVENT_CHAIN.format(first="PERFORM guatu_now();"))
    op.execute(SET_DEFAULTS.format(now="guatu_now"))


def downgrade() -> None:
    op.execute(SET_DEFAULTS.format(now="now"))
    op.execute(EVENT_CHAIN.format(first=""))
    op.execute("DROP FUNCTION guatu_all_recorded")
    op.execute("DROP FUNCTION guatu_now")
    op.execute("DROP FUNCTION guatu_take_moment")
