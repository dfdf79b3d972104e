-- CreateTable
CREATE TABLE "encryption_key" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "introduced_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resealed" BIGINT NOT NULL DEFAULT 0,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "encryption_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "encryption_key_seq_key" ON "encryption_key"("seq");
