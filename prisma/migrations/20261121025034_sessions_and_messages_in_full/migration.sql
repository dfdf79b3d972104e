-- AlterTable
ALTER TABLE "sandbox_arrival" ADD COLUMN     "content" JSONB;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "lost_at" TIMESTAMPTZ(3),
ADD COLUMN     "removing_at" TIMESTAMPTZ(3),
ADD COLUMN     "proxy" TEXT,
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "group_id" TEXT,
ADD COLUMN     "batch_id" TEXT,
ADD COLUMN     "content" JSONB,
ADD COLUMN     "delay_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "edited_at" TIMESTAMPTZ(3),
ADD COLUMN     "is_held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "media_id" TEXT,
ADD COLUMN     "media_status" TEXT,
ADD COLUMN     "revoked_at" TIMESTAMPTZ(3),
ADD COLUMN     "scheduled_at" TIMESTAMPTZ(3),
ADD COLUMN     "target_id" TEXT;

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "scopes" TEXT[],
    "all_sessions" BOOLEAN NOT NULL,
    "session_ids" TEXT[],
    "addresses" TEXT[],
    "daily_quota" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_pending" (
    "id" BIGSERIAL NOT NULL,
    "session_id" TEXT NOT NULL,
    "message" JSONB NOT NULL,

    CONSTRAINT "sandbox_pending_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sandbox_pending_session_id_id_idx" ON "sandbox_pending"("session_id", "id");

-- CreateTable
CREATE TABLE "media" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "file_name" TEXT,
    "source" TEXT NOT NULL,
    "session_id" TEXT,
    "owner_kind" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opt_out" (
    "id" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "session_id" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL,
    "reason" TEXT,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opt_out_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "template" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "session_id" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch" (
    "id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'RUNNING',
    "template_id" TEXT,
    "given" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL,
    "duplicates" INTEGER NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_refusal" (
    "batch_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "recipient" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "detail" TEXT NOT NULL,

    CONSTRAINT "batch_refusal_pkey" PRIMARY KEY ("batch_id","place")
);

-- CreateTable
CREATE TABLE "auto_reply" (
    "session_id" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,
    "last_text" TEXT,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auto_reply_pkey" PRIMARY KEY ("session_id","contact")
);

-- CreateTable
CREATE TABLE "usage_day" (
    "day" DATE NOT NULL,
    "session_id" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "result" TEXT NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_day_pkey" PRIMARY KEY ("day","session_id","actor_kind","actor_id","direction","type","result")
);

-- CreateTable
CREATE TABLE "usage_cursor" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "through" BIGINT NOT NULL DEFAULT 0,
    "next_through" BIGINT NOT NULL DEFAULT 0,
    "next_tx" xid8 NOT NULL DEFAULT '0'::xid8,
    "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_cursor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_number" (
    "session_id" TEXT NOT NULL,
    "phone" TEXT NOT NULL,

    CONSTRAINT "session_number_pkey" PRIMARY KEY ("session_id","phone")
);

-- CreateTable
CREATE TABLE "message_reaction" (
    "message_id" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "emoji" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_reaction_pkey" PRIMARY KEY ("message_id","sender")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_prefix_key" ON "api_key"("prefix");

-- CreateIndex
CREATE INDEX "api_key_maker_id_idx" ON "api_key"("maker_id");

-- CreateIndex
CREATE INDEX "media_sha256_idx" ON "media"("sha256");

-- CreateIndex
CREATE INDEX "media_used_at_idx" ON "media"("used_at");

-- CreateIndex
CREATE UNIQUE INDEX "opt_out_phone_session_id_key" ON "opt_out"("phone", "session_id");

-- CreateIndex
CREATE UNIQUE INDEX "template_session_id_name_language_key" ON "template"("session_id", "name", "language");

-- CreateIndex
CREATE INDEX "batch_session_id_created_at_idx" ON "batch"("session_id", "created_at");

-- CreateIndex
CREATE INDEX "session_number_phone_idx" ON "session_number"("phone");

-- DropIndex
DROP INDEX "message_session_id_seq_idx";

-- DropIndex
DROP INDEX "message_seq_idx";

-- CreateIndex
CREATE INDEX "message_by_status" ON "message"("session_id", "status", "created_at", "seq");

-- CreateIndex
CREATE INDEX "message_newest" ON "message"("created_at", "seq");

-- ---------------------------------------------------------------- written by hand

-- A message of a paused batch waits, and nobody behind it does, unless it is under way.
DROP INDEX message_due;
CREATE INDEX message_due ON message (session_id, priority DESC, seq) WHERE status = 'QUEUED' AND NOT is_held;
DROP INDEX message_lane;
CREATE INDEX message_lane ON message (session_id, recipient, seq)
  WHERE status = 'SENDING' OR (status = 'QUEUED' AND NOT is_held);
-- What the clock moves on: schedules that come due, messages that live no longer, acknowledgements that do not come.
CREATE INDEX message_scheduled ON message (due_at) WHERE status = 'SCHEDULED';
CREATE INDEX message_expiring ON message (expires_at) WHERE status IN ('SCHEDULED', 'QUEUED') AND expires_at IS NOT NULL;
CREATE INDEX message_unacknowledged ON message (sent_at)
  WHERE status = 'SENT' AND type NOT IN ('reaction', 'edit', 'revoke');
-- What a key has sent today; messages of people are not in it.
CREATE INDEX message_by_key ON message (actor_id, created_at) WHERE actor_kind = 'api-key' AND direction = 'OUTBOUND';
-- What has left lately, for the pace: tries are written in the order of their times, so that a summary is enough.
CREATE INDEX message_attempt_started ON message_attempt USING brin (started_at) WITH (autosummarize = on);
CREATE INDEX message_batch ON message (batch_id, created_at, seq) WHERE batch_id IS NOT NULL;
CREATE INDEX message_held ON message (batch_id) WHERE is_held AND status IN ('SCHEDULED', 'QUEUED');
CREATE INDEX message_media ON message (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX message_media_wanted ON message (session_id) WHERE media_status = 'PENDING';
CREATE INDEX message_target ON message (target_id) WHERE target_id IS NOT NULL;
ALTER TABLE message ADD CONSTRAINT message_media_status CHECK (media_status IN ('PENDING', 'STORED', 'GONE', 'REFUSED'));
ALTER TABLE batch ADD CONSTRAINT batch_state CHECK (state IN ('RUNNING', 'PAUSED', 'CANCELLED'));
ALTER TABLE opt_out ADD CONSTRAINT opt_out_source CHECK (source IN ('stop-word', 'api', 'meta'));

-- Pages of the log: each row is in one of the first two, and few are in the third.
CREATE INDEX message_to_contact ON message (recipient, created_at, seq) WHERE direction = 'OUTBOUND';
CREATE INDEX message_from_contact ON message (sender, created_at, seq) WHERE direction = 'INBOUND';
CREATE INDEX message_by_type ON message (session_id, type, created_at, seq) WHERE type <> 'text';

ALTER TABLE session_number ADD CONSTRAINT session_number_session FOREIGN KEY (session_id) REFERENCES session (id)
  ON DELETE CASCADE;
CREATE FUNCTION session_number_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO session_number (session_id, phone) VALUES (NEW.id, NEW.phone) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER session_number_keep AFTER INSERT OR UPDATE OF phone ON session
  FOR EACH ROW WHEN (NEW.phone IS NOT NULL) EXECUTE FUNCTION session_number_keep();
INSERT INTO session_number (session_id, phone) SELECT id, phone FROM session WHERE phone IS NOT NULL;

INSERT INTO usage_cursor (id) VALUES (1);
