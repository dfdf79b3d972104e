import { Injectable } from '@nestjs/common';

import { EngineUnavailableError, UnsupportedByEngineError } from './engine.errors.js';
import type { EngineCapability } from './engine.capabilities.js';
import type { EngineName, WhatsAppEngine } from './engine.port.js';

/** The engines that this build has; the one place where a missing capability is refused. */
@Injectable()
export class EngineRegistry {
  private readonly engines: ReadonlyMap<EngineName, WhatsAppEngine>;

  constructor(engines: readonly WhatsAppEngine[]) {
    this.engines = new Map(engines.map((engine) => [engine.name, engine]));
  }

  get(name: EngineName): WhatsAppEngine {
    const engine = this.engines.get(name);
    if (!engine) throw new EngineUnavailableError(name, `This server has no engine "${name}".`);
    return engine;
  }

  all(): readonly WhatsAppEngine[] {
    return [...this.engines.values()];
  }

  require(name: EngineName, capability: EngineCapability): void {
    if (!this.get(name).capabilities.has(capability)) throw new UnsupportedByEngineError(name, capability);
  }
}
