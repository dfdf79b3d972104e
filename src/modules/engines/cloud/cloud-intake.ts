import { Injectable } from '@nestjs/common';

import { Batcher } from '../../../platform/batching/batcher.js';
import { jsonDepth } from '../../../platform/http/json-body.js';
import { CloudLines } from './cloud-lines.js';
import type { CloudNumber } from './cloud-number.js';
import { CloudNumbers } from './cloud-numbers.js';
import { CloudUpdateRepository, type NewUpdate } from './cloud-update.repository.js';
import { WebhookNotSignedError } from './cloud.errors.js';
import { findSigner } from './signature.js';
import { toStored } from './stored-update.js';
import { readUpdates } from './updates.js';

/** Notifications that share a statement, one after the other: two that hold the same keys would wait for each other. */
const BATCH = { maxItems: 32, maxConcurrent: 1 };
/** Far deeper than anything that Meta sends; PostgreSQL and `JSON.stringify` have an end, too. */
const DEEPEST = 200;

const onePerSecret = (numbers: readonly CloudNumber[]): readonly CloudNumber[] => [
  ...new Map(numbers.map((number) => [number.appSecret, number])).values(),
];

/** Takes what Meta tells: verified over the bytes as they came, stored as a whole before anybody says 200. */
@Injectable()
export class CloudIntake {
  private readonly batcher = new Batcher<readonly NewUpdate[], undefined>(async (items) => {
    await this.updates.add(items.flat());
    return items.map(() => undefined);
  }, BATCH);

  constructor(
    private readonly numbers: CloudNumbers,
    private readonly updates: CloudUpdateRepository,
    private readonly lines: CloudLines,
  ) {}

  /** Resolves when it is stored; throws unless an app of ours has signed it, or that of the session that is named. */
  async take(
    rawBody: Buffer,
    signature: string | readonly string[] | undefined,
    sessionId: string | null,
  ): Promise<void> {
    const all = await this.numbers.all();
    const asked = sessionId === null ? all : all.filter((number) => number.sessionId === sessionId);
    const signer = findSigner(rawBody, signature, onePerSecret(asked));
    if (signer === null) throw new WebhookNotSignedError();
    const signedFor = all.filter(({ appSecret }) => appSecret === signer.appSecret);
    const stored = this.read(rawBody).map((update) => toStored(update, signedFor));
    if (stored.length > 0) await this.batcher.add(stored);
    this.lines.wake(
      new Set(stored.flatMap(({ phoneNumberId, isPending }) => (isPending ? (phoneNumberId ?? []) : []))),
    );
  }

  private read(rawBody: Buffer): ReturnType<typeof readUpdates> {
    const now = new Date();
    const text = rawBody.toString('utf8');
    // As a text it is one malformed update, kept as it came.
    return readUpdates(jsonDepth(text) > DEEPEST ? text : rawBody, now);
  }
}
