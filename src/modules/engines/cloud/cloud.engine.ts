import { Injectable, Logger } from '@nestjs/common';

import { EncryptionKeyMissingError } from '../../../platform/crypto/crypto.errors.js';
import type { EngineCapability } from '../engine.capabilities.js';
import { EngineUnavailableError, UnsupportedByEngineError } from '../engine.errors.js';
import type {
  EngineAvailability,
  EngineHandle,
  EngineReports,
  OpenSessionCommand,
  WhatsAppEngine,
} from '../engine.port.js';
import { CloudHandle, type CloudTools } from './cloud-handle.js';
import { CloudLines } from './cloud-lines.js';
import type { CloudNumber } from './cloud-number.js';
import { CloudNumbers } from './cloud-numbers.js';
import { CloudUpdateRepository } from './cloud-update.repository.js';
import { GraphClient } from './graph-client.js';

/** "Throughput": 80 messages a second by default, and an answer takes some tenths of one. */
const PARALLEL_SENDS = 64;

const CAPABILITIES: readonly EngineCapability[] = [
  ...(['text', 'link-preview', 'reply', 'image', 'video', 'audio', 'voice', 'document', 'sticker'] as const),
  ...(['location', 'contacts', 'reaction', 'media-in'] as const),
];

/** Meta's WhatsApp Cloud API: sends by calls, and hears by webhooks that the intake has stored. */
@Injectable()
export class CloudEngine implements WhatsAppEngine {
  readonly name = 'cloud';
  readonly capabilities: ReadonlySet<EngineCapability> = new Set(CAPABILITIES);
  readonly parallelSends = PARALLEL_SENDS;
  private readonly logger = new Logger(CloudEngine.name);
  private readonly tools: CloudTools;

  constructor(
    private readonly numbers: CloudNumbers,
    private readonly updates: CloudUpdateRepository,
    lines: CloudLines,
    graph: GraphClient,
  ) {
    const onError = (error: unknown): void => {
      this.logger.warn({ err: error }, 'what Meta told could not be handed on');
    };
    this.tools = { graph, updates, lines, onError, forget: (sessionId) => this.forget(sessionId) };
  }

  availability(): Promise<EngineAvailability> {
    return Promise.resolve({ available: true });
  }

  async open({ sessionId, proxy, signal }: OpenSessionCommand, reports: EngineReports): Promise<EngineHandle> {
    if (proxy !== null) throw new UnsupportedByEngineError(this.name, 'proxy');
    const number = await this.credentialsOf(sessionId);
    const handle = new CloudHandle(number, reports, this.tools);
    try {
      await handle.begin(signal);
      signal.throwIfAborted();
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  }

  async forget(sessionId: string): Promise<void> {
    const number = await this.numbers.ids(sessionId);
    if (number !== null) await this.updates.removeOfNumber(number.phoneNumberId);
    await this.numbers.remove(sessionId);
  }

  private async credentialsOf(sessionId: string): Promise<CloudNumber> {
    try {
      const number = await this.numbers.find(sessionId);
      if (number !== null) return number;
    } catch (error) {
      if (error instanceof EncryptionKeyMissingError) throw new EngineUnavailableError(this.name, error.message, error);
      throw error;
    }
    const reason = `The session has no number yet. Set its credentials by PUT /v1/sessions/${sessionId}/cloud.`;
    throw new EngineUnavailableError(this.name, reason);
  }
}
