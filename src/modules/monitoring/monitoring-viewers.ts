import { Injectable } from '@nestjs/common';

import { AccessRegistry } from '../access/index.js';

const BEARER = /^Bearer ([^\s]{1,4096})$/i;

/** Tells on a public route who may see more than the public. */
@Injectable()
export class MonitoringViewers {
  constructor(private readonly access: AccessRegistry) {}

  /** Never rejects: whoever cannot be recognised, also because the database is away, is the public. */
  async maySeeDetail(authorization: string | undefined): Promise<boolean> {
    const credentials = BEARER.exec(authorization ?? '')?.[1];
    if (credentials === undefined) return false;
    try {
      const principal = await this.access.resolve(credentials);
      return principal?.permissions.has('monitoring:read') ?? false;
    } catch {
      return false;
    }
  }
}
