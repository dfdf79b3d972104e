import { Inject, Injectable, Logger } from '@nestjs/common';

import { Batcher } from '../../../platform/batching/batcher.js';
import { Checkpoints } from '../../../platform/lifecycle/checkpoints.js';
import { CAPABILITIES, type EngineCapability } from '../engine.capabilities.js';
import { UnsupportedByEngineError } from '../engine.errors.js';
import type {
  EngineAvailability,
  EngineHandle,
  EngineReports,
  OpenSessionCommand,
  WhatsAppEngine,
} from '../engine.port.js';
import { SandboxHandle } from './sandbox.handle.js';
import { SandboxPhones } from './sandbox-phones.js';
import type { SandboxTools } from './sandbox-sender.js';
import { type Arrival, SandboxRepository } from './sandbox.repository.js';

const PARALLEL_SENDS = 256;

/** WhatsApp without a phone, a browser or the internet: for trying the product, for demos and for tests. */
@Injectable()
export class SandboxEngine implements WhatsAppEngine {
  readonly name = 'sandbox';
  readonly capabilities: ReadonlySet<EngineCapability> = new Set(
    (Object.keys(CAPABILITIES) as EngineCapability[]).filter((capability) => capability !== 'proxy'),
  );
  readonly parallelSends = PARALLEL_SENDS;
  private readonly logger = new Logger(SandboxEngine.name);
  private readonly tools: SandboxTools;

  constructor(
    private readonly repository: SandboxRepository,
    private readonly phones: SandboxPhones,
    @Inject(Checkpoints) checkpoints: Checkpoints,
  ) {
    const arrivals = new Batcher<Arrival, undefined>(async (items) => {
      await repository.arrive(items);
      return items.map(() => undefined);
    });
    const onError = (error: unknown): void => {
      this.logger.warn({ err: error }, 'the sandbox could not report');
    };
    this.tools = { repository, arrivals, checkpoints, onError };
  }

  availability(): Promise<EngineAvailability> {
    return Promise.resolve({ available: true });
  }

  async open({ sessionId, proxy, signal }: OpenSessionCommand, reports: EngineReports): Promise<EngineHandle> {
    if (proxy !== null) throw new UnsupportedByEngineError(this.name, 'proxy');
    const handle = new SandboxHandle(sessionId, reports, this.tools, (closed) => {
      this.phones.remove(closed);
    });
    this.phones.add(handle);
    try {
      await handle.begin();
      signal.throwIfAborted();
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  }

  async forget(sessionId: string): Promise<void> {
    await this.repository.forget(sessionId);
  }
}
