-- CreateTable
CREATE TABLE "event" (
    "seq" BIGSERIAL NOT NULL,
    "tx" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "session_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "payload" JSONB NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "event_consumer" (
    "name" TEXT NOT NULL,
    "tx" xid8 NOT NULL,
    "seq" BIGINT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failed_event_id" TEXT,
    "retry_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_consumer_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "event_dead_letter" (
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_dead_letter_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "principal" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "resource" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("principal","route","key")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "seq" BIGINT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "outcome" TEXT NOT NULL,
    "request_id" TEXT,
    "detail" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "token_version" INTEGER NOT NULL DEFAULT 0,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_session_grant" (
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,

    CONSTRAINT "user_session_grant_pkey" PRIMARY KEY ("user_id","session_id")
);

-- CreateTable
CREATE TABLE "login_session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" TEXT,

    CONSTRAINT "login_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "hash" TEXT NOT NULL,
    "login_session_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "setup_token" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_link" (
    "session_id" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sandbox_link_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "sandbox_arrival" (
    "id" BIGSERIAL NOT NULL,
    "session_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "provider_message_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "text" TEXT,
    "ack" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sandbox_arrival_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "phone" TEXT,
    "display_name" TEXT,
    "status" TEXT NOT NULL DEFAULT 'DISCONNECTED',
    "reason" TEXT,
    "is_wanted" BOOLEAN NOT NULL DEFAULT false,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "reconnect_attempts" INTEGER NOT NULL DEFAULT 0,
    "number_change_until" TIMESTAMPTZ(3),
    "status_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_lease" (
    "session_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "fence" BIGINT NOT NULL DEFAULT 1,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_lease_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "session_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "sender" TEXT,
    "recipient" TEXT,
    "text" TEXT,
    "provider_message_id" TEXT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "on_uncertain" TEXT NOT NULL DEFAULT 'hold',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "claim_fence" BIGINT,
    "error_code" TEXT,
    "error_detail" TEXT,
    "request_id" TEXT,
    "actor_kind" TEXT NOT NULL DEFAULT 'system',
    "actor_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_timeline" (
    "id" BIGSERIAL NOT NULL,
    "message_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "attempt" INTEGER,
    "by" TEXT,

    CONSTRAINT "message_timeline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_attempt" (
    "message_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "fence" BIGINT NOT NULL,
    "provider_message_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "message_attempt_pkey" PRIMARY KEY ("message_id","number")
);

-- CreateTable
CREATE TABLE "parked_ack" (
    "session_id" TEXT NOT NULL,
    "provider_message_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "parked_ack_pkey" PRIMARY KEY ("session_id","provider_message_id","status")
);

-- CreateTable
CREATE TABLE "incident" (
    "id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "incident_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(3),
    "mailed_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "event_id_key" ON "event"("id");

-- CreateIndex
CREATE INDEX "event_tx_seq_idx" ON "event"("tx", "seq");

-- CreateIndex
CREATE INDEX "event_occurred_at_idx" ON "event"("occurred_at");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_id_key" ON "audit_entry"("id");

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE INDEX "audit_entry_action_seq_idx" ON "audit_entry"("action", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE INDEX "login_session_user_id_idx" ON "login_session"("user_id");

-- CreateIndex
CREATE INDEX "refresh_token_login_session_id_idx" ON "refresh_token"("login_session_id");

-- CreateIndex
CREATE INDEX "sandbox_arrival_session_id_id_idx" ON "sandbox_arrival"("session_id", "id");

-- CreateIndex
CREATE INDEX "sandbox_arrival_session_id_provider_message_id_idx" ON "sandbox_arrival"("session_id", "provider_message_id");

-- CreateIndex
CREATE INDEX "message_session_id_seq_idx" ON "message"("session_id", "seq");

-- CreateIndex
CREATE INDEX "message_seq_idx" ON "message"("seq");

-- CreateIndex
CREATE UNIQUE INDEX "message_session_id_provider_message_id_key" ON "message"("session_id", "provider_message_id");

-- CreateIndex
CREATE INDEX "message_timeline_message_id_id_idx" ON "message_timeline"("message_id", "id");

-- CreateIndex
CREATE INDEX "message_attempt_provider_message_id_idx" ON "message_attempt"("provider_message_id");

-- CreateIndex
CREATE INDEX "parked_ack_parked_at_idx" ON "parked_ack"("parked_at");

-- CreateIndex
CREATE INDEX "incident_session_id_kind_idx" ON "incident"("session_id", "kind");

-- CreateIndex
CREATE INDEX "notification_user_id_created_at_idx" ON "notification"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "notification_user_id_incident_id_key" ON "notification"("user_id", "incident_id");

-- AddForeignKey
ALTER TABLE "user_session_grant" ADD CONSTRAINT "user_session_grant_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "login_session" ADD CONSTRAINT "login_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_login_session_id_fkey" FOREIGN KEY ("login_session_id") REFERENCES "login_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ---------------------------------------------------------------- written by hand

ALTER TABLE app_user ADD CONSTRAINT app_user_email_lower CHECK (email = lower(email));
ALTER TABLE app_user ADD CONSTRAINT app_user_role CHECK (role IN ('ADMIN', 'OPERATOR', 'VIEWER'));
ALTER TABLE session ADD CONSTRAINT session_id_form CHECK (id ~ '^[a-z0-9-]{1,64}$');
ALTER TABLE session ADD CONSTRAINT session_status CHECK
  (status IN ('DISCONNECTED', 'CONNECTING', 'QR_READY', 'AUTHENTICATED', 'READY', 'AUTH_FAILURE'));
ALTER TABLE session ADD CONSTRAINT session_engine CHECK (engine IN ('web', 'cloud', 'sandbox'));
ALTER TABLE message ADD CONSTRAINT message_direction CHECK (direction IN ('OUTBOUND', 'INBOUND'));
ALTER TABLE message ADD CONSTRAINT message_status CHECK (status IN ('SCHEDULED', 'QUEUED', 'SENDING', 'SENT',
  'DELIVERED', 'READ', 'PLAYED', 'FAILED', 'CANCELLED', 'EXPIRED', 'UNCERTAIN', 'UNCONFIRMED', 'RECEIVED'));
ALTER TABLE message ADD CONSTRAINT message_on_uncertain CHECK (on_uncertain IN ('hold', 'retry', 'drop'));

-- The queue: what may be claimed, in the order in which it leaves.
CREATE INDEX message_due ON message (session_id, priority DESC, seq) WHERE status = 'QUEUED';
-- Who stands before whom on the way to one recipient.
CREATE INDEX message_lane ON message (session_id, recipient, seq) WHERE status IN ('QUEUED', 'SENDING');
CREATE INDEX message_claimed ON message (session_id, claim_fence) WHERE status = 'SENDING';

CREATE UNIQUE INDEX incident_open ON incident (session_id, kind) WHERE closed_at IS NULL;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, repeat('0', 64));

-- Links entries to the chain: a list of canonical texts, from which the columns are read, so that what is hashed is what
-- is stored. The lock on the head makes one chain of all writers; it is held until the commit.
CREATE FUNCTION audit_append(entries jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head audit_head%ROWTYPE;
  canonical text;
  texts text[] := ARRAY(
    SELECT e FROM jsonb_array_elements_text(entries) WITH ORDINALITY AS list(e, place) ORDER BY place);
  links text[];
BEGIN
  SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR UPDATE;
  links := ARRAY[head.hash];
  FOREACH canonical IN ARRAY texts LOOP
    links := links || encode(sha256(convert_to(
      (head.seq + cardinality(links)) || E'\n' || links[cardinality(links)] || E'\n' || canonical, 'UTF8')), 'hex');
  END LOOP;
  INSERT INTO audit_entry (seq, id, at, actor_kind, actor_id, actor_name, action, target, outcome, request_id, detail,
    previous_hash, hash)
  SELECT head.seq + place, entry->>'id', (entry->>'at')::timestamptz, entry->'actor'->>'kind', entry->'actor'->>'id',
    entry->'actor'->>'name', entry->>'action', entry->>'target', entry->>'outcome', entry->>'requestId',
    entry->>'detail', links[place], links[place + 1]
  FROM unnest(texts) WITH ORDINALITY AS list(text, place), LATERAL (SELECT text::jsonb AS entry) AS read
  ORDER BY place;
  UPDATE audit_head SET seq = head.seq + cardinality(texts), hash = links[cardinality(links)] WHERE id = 1;
END $$;

-- The trail is append-only for every role, its owner included.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'permission denied: the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Where the application has a role of its own, it may add to the trail and nothing else.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'waypost') AND current_user <> 'waypost' THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM waypost;
  END IF;
END $$;
