import { Injectable, type OnModuleInit } from '@nestjs/common';

import { HealthIndicators } from '../../platform/health/health-indicators.js';
import { EngineRegistry } from './engine.registry.js';

/** Says on readiness which engines cannot run here; the sessions of the others go on. */
@Injectable()
export class EngineHealth implements OnModuleInit {
  constructor(
    private readonly engines: EngineRegistry,
    private readonly indicators: HealthIndicators,
  ) {}

  onModuleInit(): void {
    for (const engine of this.engines.all()) {
      this.indicators.register(`${engine.name} engine`, {
        critical: false,
        check: async () => {
          const availability = await engine.availability();
          return availability.available ? { isWell: true } : { isWell: false, sentence: availability.reason };
        },
      });
    }
  }
}
