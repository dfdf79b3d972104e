-- CreateTable
CREATE TABLE "message_text" (
    "message_id" TEXT NOT NULL,
    "block_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGINT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "message_text_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "message_text_block" (
    "id" SERIAL NOT NULL,
    "is_late" BOOLEAN NOT NULL,
    "keys" INTEGER[],
    "from_at" TIMESTAMPTZ(3),
    "to_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_text_block_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_text_pending" (
    "id" BIGSERIAL NOT NULL,
    "message_id" TEXT,
    "block_id" INTEGER,

    CONSTRAINT "message_text_pending_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "message_text_block_id_idx" ON "message_text"("block_id");

-- ---------------------------------------------------------------- written by hand

-- Compared byte by byte, whatever the collation of the database.
ALTER TABLE message_text ALTER COLUMN text TYPE text COLLATE "C";
-- Blocks are of 256 texts; an estimate out of a table that had one block would expect every text in each of them.
ALTER TABLE message_text ALTER COLUMN block_id SET (n_distinct = -0.0039);
-- Written once a block and never in a request: a list of what is still to be added would only slow the searches.
CREATE INDEX message_text_block_keys ON message_text_block USING gin (keys) WITH (fastupdate = off);
-- Without figures about the keys every search is planned alike, and counting them would read them all.
ALTER TABLE message_text_block ALTER COLUMN keys SET STATISTICS 0;
CREATE INDEX message_text_block_open ON message_text_block (id) WHERE keys IS NULL;
-- Blocks that have all of the keys, and those that are still open, which have no times yet. The planner does not know how
-- long the keys of a block are, and takes a look at each of them for cheap.
CREATE FUNCTION message_text_blocks(wanted integer[], of_any integer[])
  RETURNS TABLE (id integer, from_at timestamptz, to_at timestamptz)
  LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  IF of_any IS NULL THEN
    RETURN QUERY SELECT b.id, b.from_at, b.to_at FROM message_text_block b WHERE b.keys @> wanted;
  ELSE
    RETURN QUERY SELECT b.id, b.from_at, b.to_at FROM message_text_block b WHERE b.keys @> wanted AND b.keys && of_any;
  END IF;
  RETURN QUERY SELECT b.id, NULL::timestamptz, NULL::timestamptz FROM message_text_block b WHERE b.keys IS NULL;
END $$;
ALTER TABLE message_text_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

CREATE FUNCTION message_text_remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO message_text_pending (message_id) SELECT id FROM come WHERE text IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER message_text_remember AFTER INSERT ON message REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION message_text_remember();

CREATE FUNCTION message_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO message_text_pending (message_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER message_text_change AFTER UPDATE OF text, revoked_at ON message FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
  EXECUTE FUNCTION message_text_change();

-- The text goes at once; its message is looked at once more, because its text may be on its way in.
CREATE FUNCTION message_text_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH removed AS (DELETE FROM message_text WHERE message_id IN (SELECT id FROM gone) RETURNING block_id)
  INSERT INTO message_text_pending (block_id) SELECT DISTINCT block_id FROM removed;
  INSERT INTO message_text_pending (message_id) SELECT id FROM gone WHERE text IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER message_text_forget AFTER DELETE ON message REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION message_text_forget();

INSERT INTO message_text_pending (message_id)
  SELECT id FROM message WHERE text IS NOT NULL AND revoked_at IS NULL ORDER BY created_at, seq;
