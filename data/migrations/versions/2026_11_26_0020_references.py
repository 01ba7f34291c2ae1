"""Check what large ledgers refer to once a statement, and find batches without a costly index."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# As a foreign key does: what is referred to must be there, and cannot go until this transaction
# ends. Both parts of EXCEPT are read to their ends, so that every row is held.
CHECK = """
CREATE FUNCTION guatu_check_references() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    missing bigint;
BEGIN
    EXECUTE format(
        'WITH named AS MATERIALIZED (SELECT DISTINCT %1$I AS id FROM added WHERE %1$I IS NOT NULL),'
        ' held AS MATERIALIZED'
        ' (SELECT id FROM %2$I WHERE id IN (SELECT id FROM named) FOR KEY SHARE)'
        ' SELECT id FROM named EXCEPT SELECT id FROM held LIMIT 1', TG_ARGV[0], TG_ARGV[1]
    ) INTO missing;
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('%s of %s names no %s', TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[1]),
            DETAIL = format('There is no %s with id %s.', TG_ARGV[1], missing),
            CONSTRAINT = format('fk_%s_%s', TG_TABLE_NAME, TG_ARGV[0]),
            TABLE = TG_TABLE_NAME,
            SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION guatu_check_references FROM PUBLIC
"""

# The foreign keys stay, and do all but look at every row that is inserted. Only a superuser may
# tell them; elsewhere, and in a store that was restored, rows are looked at twice.
SWITCH = """
DO $$
DECLARE
    name name;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOR name IN
        SELECT trigger.tgname FROM pg_trigger AS trigger
        JOIN pg_constraint AS key ON key.oid = trigger.tgconstraint
        WHERE trigger.tgrelid = 'inspection'::regclass AND key.conrelid = trigger.tgrelid
            AND trigger.tgfoid = '"RI_FKey_check_ins"()'::regprocedure
    LOOP
        EXECUTE format('ALTER TABLE inspection {how} TRIGGER %I', name);
    END LOOP;
END
$$
"""

REFERENCES = {"unit_id": "unit", "import_batch_id": "import_batch"}


def upgrade() -> None:
    op.execute(CHECK)
    for column, target in REFERENCES.items():
        op.execute(
            f"CREATE TRIGGER check_{column} AFTER INSERT ON inspection"
            " REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
            f" EXECUTE FUNCTION guatu_check_references('{column}', '{target}')"
        )
    op.execute(SWITCH.format(how="DISABLE"))
    op.drop_index("ix_inspection_import_batch_id", "inspection")
    op.create_index(
        "ix_inspection_import_batch_id",
        "inspection",
        ["import_batch_id"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )


def downgrade() -> None:
    op.drop_index("ix_inspection_import_batch_id", "inspection")
    op.create_index("ix_inspection_import_batch_id", "inspection", ["import_batch_id"])
    op.execute(SWITCH.format(how="ENABLE"))
    for column in REFERENCES:
        op.execute(f"DROP TRIGGER check_{column} ON inspection")
    op.execute("DROP FUNCTION guatu_check_references")
