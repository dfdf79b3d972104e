import { Module } from '@nestjs/common';

import { EnginesModule } from '../engines/index.js';
import { LeaseRepository } from './lease.repository.js';
import { QrCodes } from './qr-codes.js';
import { QrWaiters } from './qr-waiters.js';
import { SessionAuditConsumer } from './session-audit.consumer.js';
import { DefaultSession } from './default-session.js';
import { SessionBoot } from './session-boot.js';
import { SessionDirectory } from './session-directory.js';
import { SessionLeases } from './session-leases.js';
import { SessionLosses } from './session-losses.js';
import { SessionProbe } from './session-probe.js';
import { SessionReports } from './session-reports.js';
import { SessionRepository } from './session.repository.js';
import { SessionService } from './session.service.js';
import { SessionStatusWriter } from './session-status.js';
import { SessionSupervisor } from './session-supervisor.js';

@Module({
  imports: [EnginesModule],
  providers: [
    LeaseRepository,
    QrCodes,
    QrWaiters,
    SessionAuditConsumer,
    SessionBoot,
    DefaultSession,
    SessionDirectory,
    SessionLeases,
    SessionLosses,
    SessionProbe,
    SessionReports,
    SessionRepository,
    SessionService,
    SessionStatusWriter,
    SessionSupervisor,
  ],
  exports: [SessionDirectory, SessionService, SessionSupervisor],
})
export class SessionsModule {}
