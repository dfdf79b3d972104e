import { Global, Module } from '@nestjs/common';

import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit-trail.js';

@Global()
@Module({ providers: [AuditRepository, AuditTrail], exports: [AuditTrail] })
export class AuditModule {}
