import { Global, Module } from '@nestjs/common';

import { AuditReader } from './audit-reader.js';
import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit-trail.js';
import { AuditVerifier } from './audit-verifier.js';
import { DenialLog } from './denial-log.js';
import { AuditController } from './http/audit.controller.js';

@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditRepository, AuditTrail, AuditReader, AuditVerifier, DenialLog],
  exports: [AuditTrail],
})
export class AuditModule {}
