import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';

export interface IdempotencyClaim {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
  /** Id of the message that is stored under the key when nobody had it before. */
  readonly resource: string;
}

/** Whoever had the key before. */
export interface KeyHolder {
  readonly bodyHash: string;
  readonly resource: string;
}

const MIN_LIFE_HOURS = 72;

interface HolderRow extends KeyHolder {
  readonly claim: string;
}

/** Idempotency keys of messages: taken in the transaction that stores the message, so neither is ever without the other. */
@Injectable()
export class AcceptRepository {
  /** The earlier holders of those keys that were taken already, by the `resource` of the claim that came too late. */
  async claimKeys(
    claims: readonly IdempotencyClaim[],
    db: Prisma.TransactionClient,
  ): Promise<ReadonlyMap<string, KeyHolder>> {
    const rows = JSON.stringify(claims);
    // A key whose life is over is free again: it is overwritten rather than waited for until the clean-up has come by.
    await db.$executeRaw`
      INSERT INTO idempotency_key AS held (principal, route, key, body_hash, status, resource)
      SELECT DISTINCT ON (c->>'principal', c->>'route', c->>'key')
        c->>'principal', c->>'route', c->>'key', c->>'bodyHash', 202, c->>'resource'
      FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(c, place)
      ORDER BY c->>'principal', c->>'route', c->>'key', place
      ON CONFLICT (principal, route, key) DO UPDATE
        SET body_hash = EXCLUDED.body_hash, resource = EXCLUDED.resource, created_at = now()
        WHERE held.created_at < now() - ${MIN_LIFE_HOURS} * interval '1 hour'`;
    const holders = await db.$queryRaw<HolderRow[]>`
      SELECT c->>'resource' AS claim, held.body_hash AS "bodyHash", held.resource
      FROM jsonb_array_elements(${rows}::jsonb) AS list(c)
      JOIN idempotency_key AS held ON held.principal = c->>'principal' AND held.route = c->>'route'
        AND held.key = c->>'key'
      WHERE held.resource <> c->>'resource'`;
    return new Map(holders.map(({ claim, bodyHash, resource }) => [claim, { bodyHash, resource }]));
  }
}
