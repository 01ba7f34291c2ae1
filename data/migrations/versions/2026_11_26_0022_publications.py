"""A bulletin keeps its figures from its draft on, and stays as it is once it is issued."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEEP = """
CREATE FUNCTION guatu_keep_publication() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.issued_at IS NOT NULL THEN
        RAISE EXCEPTION '% % is issued and stays as it is', OLD.kind, OLD.number;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (NEW.kind, NEW.number, NEW.cut_off_at, NEW.figures, NEW.drafted_by, NEW.corrects_id)
        IS DISTINCT FROM
        (OLD.kind, OLD.number, OLD.cut_off_at, OLD.figures, OLD.drafted_by, OLD.corrects_id)
    THEN
        RAISE EXCEPTION '% % keeps its figures: draft another', OLD.kind, OLD.number;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_publication BEFORE UPDATE OR DELETE ON publication
    FOR EACH ROW EXECUTE FUNCTION guatu_keep_publication()
"""


def upgrade() -> None:
    op.execute(KEEP)


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_publication ON publication")
    op.execute("DROP FUNCTION guatu_keep_publication")
