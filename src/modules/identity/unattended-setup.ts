import { Inject, Injectable } from '@nestjs/common';

import { IdentityConfig } from '../../config/config.slices.js';
import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { normalizeEmail } from './domain/user.js';
import { FirstAdministrator } from './first-administrator.js';

/** Makes the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD, on an empty database only. */
@Injectable()
export class UnattendedSetup {
  constructor(
    @Inject(IdentityConfig) private readonly config: IdentityConfig,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly firstAdministrator: FirstAdministrator,
    private readonly passwords: PasswordHasher,
  ) {}

  async run(): Promise<void> {
    const { adminEmail, adminPassword } = this.config;
    if (adminEmail === undefined || adminPassword === undefined) return;
    if (!(await this.firstAdministrator.isNeeded())) return;
    const passwordHash = await this.passwords.hash(adminPassword);
    await this.transactions.run(async (tx) => {
      const email = normalizeEmail(adminEmail);
      const user = await this.firstAdministrator.createUnattended(tx, { email, name: 'Administrator', passwordHash });
      if (user)
        await this.audit.record(tx, { action: 'setup.complete', target: user.id, detail: { by: 'environment' } });
    });
  }
}
