import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { AccessRegistry, type DenialRecorder } from '../access/index.js';
import { AuditTrail } from './audit-trail.js';

/** Writes refusals into the trail; a refusal that cannot be written is not answered as one. */
@Injectable()
export class DenialLog implements DenialRecorder, OnModuleInit {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly transactions: Transactions,
    private readonly trail: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.registry.setDenialRecorder(this);
  }

  async recordDenial({ principal, route, rule }: Parameters<DenialRecorder['recordDenial']>[0]): Promise<void> {
    const { kind, id, name } = principal;
    const required = rule?.kind === 'permissions' ? [...rule.all] : [];
    await this.transactions.run((tx) =>
      this.trail.record(tx, {
        action: 'access.denied',
        target: route,
        outcome: 'denied',
        actor: { kind, id, name },
        detail: { required },
      }),
    );
  }
}
