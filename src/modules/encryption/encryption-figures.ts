import { Injectable, type OnModuleInit } from '@nestjs/common';

import { type Finding, HealthIndicators } from '../../platform/health/health-indicators.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { EncryptionReport, KEY_STATES, type KeyUse } from './encryption-report.js';

/** Shows how many stored secrets are sealed with which kind of key, as they were when they were last counted. */
@Injectable()
export class EncryptionFigures implements OnModuleInit {
  private readonly gauge;
  private missing: readonly string[] = [];

  constructor(
    private readonly report: EncryptionReport,
    private readonly indicators: HealthIndicators,
    metrics: Metrics,
  ) {
    this.gauge = metrics.gauge<'key'>({
      name: 'waypost_sealed_secrets',
      help: 'Stored secrets by what their encryption key is to this process: current, old, missing, or unsealed.',
      labelNames: ['key'],
    });
  }

  onModuleInit(): void {
    this.indicators.register('encryption', { critical: false, check: () => this.finding() });
  }

  async refresh(): Promise<readonly KeyUse[]> {
    const uses = await this.report.uses();
    for (const state of KEY_STATES) {
      const rows = uses.filter((use) => use.state === state).reduce((sum, use) => sum + use.rows, 0);
      this.gauge.set({ key: state }, rows);
    }
    this.missing = [...new Set(uses.flatMap(({ state, keyId }) => (state === 'missing' && keyId ? [keyId] : [])))];
    return uses;
  }

  private finding(): Finding {
    if (this.missing.length === 0) return { isWell: true };
    const keys = this.missing.join(', ');
    return { isWell: false, sentence: `Stored secrets need encryption keys that this server does not have: ${keys}.` };
  }
}
