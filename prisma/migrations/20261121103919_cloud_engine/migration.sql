-- CreateTable
CREATE TABLE "cloud_number" (
    "session_id" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "access_token" TEXT NOT NULL,
    "app_secret" TEXT NOT NULL,
    "verify_token" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cloud_number_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "cloud_update" (
    "id" BIGSERIAL NOT NULL,
    "phone_number_id" TEXT,
    "account_id" TEXT,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "is_pending" BOOLEAN NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cloud_update_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "cloud_number_phone_number_id_key" ON "cloud_number"("phone_number_id");

-- CreateIndex
CREATE UNIQUE INDEX "cloud_update_key_key" ON "cloud_update"("key");

-- CreateIndex
CREATE INDEX "cloud_update_phone_number_id_is_pending_id_idx" ON "cloud_update"("phone_number_id", "is_pending", "id");

-- CreateIndex
CREATE INDEX "cloud_update_received_at_idx" ON "cloud_update"("received_at");
