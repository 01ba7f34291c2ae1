"""The clock of a simulated city, which may be told the time."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CLOCK = """
CREATE FUNCTION guatu_clock(actual timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp
AS $$
DECLARE
    told text := current_setting('guatu.told_time', true);
BEGIN
    IF coalesce(told, '') <> '' AND EXISTS (SELECT FROM city WHERE simulated) THEN
        RETURN told::timestamptz;
    END IF;
    RETURN actual;
END
$$
"""

# The same chain as before, but for the time.
EVENT_CHAIN = """
CREATE OR REPLACE FUNCTION guatu_chain_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    last event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guatu_event'));
    SELECT * INTO last FROM event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.happened_at := {time};
    NEW.previous_hash := coalesce(last.hash, '\\x'::bytea);
    NEW.hash := guatu_event_hash(NEW);
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.execute(CLOCK)
    op.execute(EVENT_CHAIN.format(time="guatu_clock(clock_timestamp())"))


def downgrade() -> None:
    op.execute(EVENT_CHAIN.format(time="clock_timestamp()"))
    op.execute("DROP FUNCTION guatu_clock")
