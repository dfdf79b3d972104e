import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { MetaStandIn } from '../../src/meta-stand-in/meta-stand-in.js';
import { CloudEngine } from '../../src/modules/engines/cloud/cloud.engine.js';
import { CloudIntake } from '../../src/modules/engines/cloud/cloud-intake.js';
import { CloudLines } from '../../src/modules/engines/cloud/cloud-lines.js';
import { CloudNumberRepository } from '../../src/modules/engines/cloud/cloud-number.repository.js';
import { CloudNumbers } from '../../src/modules/engines/cloud/cloud-numbers.js';
import { CloudUpdateRepository } from '../../src/modules/engines/cloud/cloud-update.repository.js';
import { GraphClient } from '../../src/modules/engines/cloud/graph-client.js';
import type { SealedColumns } from '../../src/platform/crypto/sealed-columns.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { CREDENTIALS } from './cloud-app.js';
import type { TestPlatform } from './test-platform.js';

type Json = Record<string, unknown>;

/** Seals nothing: what is sealed is for other tests. */
const OPEN_COLUMNS = {
  box: () => ({ seal: (text: string) => text, open: (text: string) => text }),
} as unknown as SealedColumns;

/** The number that each session is given, by the digits of its phone. */
export const BENCH_NUMBERS = [
  { id: '300000000000001', displayPhoneNumber: '+55 11 98765-4399' },
  { id: '300000000000002', displayPhoneNumber: '+55 11 98765-4388' },
] as const;

/** A stand-in for Meta, the webhook that it calls, and engines over one database. */
export class CloudBench {
  private readonly lines: CloudLines;

  private constructor(
    readonly meta: MetaStandIn,
    private readonly webhook: Server,
    private readonly platform: TestPlatform,
  ) {
    this.lines = new CloudLines(this.updates);
    webhook.on('request', (request, response) => {
      const signature = request.headers['x-hub-signature-256'];
      void buffer(request)
        .then((bytes) => this.intake.take(bytes, signature, null))
        .then(
          () => response.writeHead(200).end(),
          () => response.writeHead(503).end(),
        );
    });
  }

  static async open(platform: TestPlatform): Promise<CloudBench> {
    const webhook = createServer().listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const { appSecret: secret, accessToken, verifyToken, accountId } = CREDENTIALS;
    const accounts = [{ id: accountId, numbers: BENCH_NUMBERS }];
    const webhookUrl = `http://127.0.0.1:${String((webhook.address() as AddressInfo).port)}/webhook`;
    const apps = [{ secret, accessToken, verifyToken, accounts, webhookUrl }];
    const meta = await MetaStandIn.listen({ apps, behaviour: { isWindowEnforced: false, pairEveryMs: 0 } });
    return new CloudBench(meta, webhook, platform);
  }

  engine(): CloudEngine {
    const graph = new GraphClient({ graphApiUrl: `${this.meta.url}/v26.0` }, this.platform.get(Lifecycle));
    return new CloudEngine(this.numbers, this.updates, this.lines, graph);
  }

  async give(sessionId: string, phoneNumberId: string): Promise<void> {
    const number = { ...CREDENTIALS, sessionId, phoneNumberId };
    await this.platform.get(CloudNumberRepository).save(number, this.platform.get(PrismaService));
  }

  async numberOf(sessionId: string): Promise<string> {
    return (await this.platform.get(CloudNumberRepository).find(sessionId))?.phoneNumberId ?? '';
  }

  async control<T = Json>(method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(`${this.meta.url}/_control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  }

  async graph(path: string): Promise<Json> {
    const headers = { authorization: `Bearer ${CREDENTIALS.accessToken}` };
    return (await (await fetch(`${this.meta.url}/v26.0/${path}`, { headers })).json()) as Json;
  }

  async close(): Promise<void> {
    await this.meta.close();
    const closed = once(this.webhook, 'close');
    this.webhook.close();
    this.webhook.closeAllConnections();
    await closed;
    const { cloudNumber, cloudUpdate } = this.platform.get(PrismaService);
    await cloudNumber.deleteMany();
    await cloudUpdate.deleteMany();
  }

  private get updates(): CloudUpdateRepository {
    return this.platform.get(CloudUpdateRepository);
  }

  /** Anew each time: nothing is remembered of a number that was given a moment ago. */
  private get numbers(): CloudNumbers {
    return new CloudNumbers(this.platform.get(CloudNumberRepository), OPEN_COLUMNS);
  }

  private get intake(): CloudIntake {
    return new CloudIntake(this.numbers, this.updates, this.lines);
  }
}
