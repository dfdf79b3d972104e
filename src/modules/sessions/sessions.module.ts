import { Module } from '@nestjs/common';

import { EnginesModule } from '../engines/index.js';
import { SessionContactsController } from './http/session-contacts.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { SessionCatalog } from './session-catalog.js';
import { SessionContacts } from './session-contacts.js';
import { SessionProxies } from './session-proxies.js';
import { SessionPurge } from './session-purge.js';
import { SessionRemoval } from './session-removal.js';
import { SessionRemovals } from './session-removals.js';
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
  controllers: [SessionContactsController, SessionsController],
  providers: [
    SessionCatalog,
    SessionContacts,
    SessionProxies,
    SessionPurge,
    SessionRemoval,
    SessionRemovals,
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
  exports: [SessionRemovals, SessionDirectory, SessionService, SessionSupervisor],
})
export class SessionsModule {}
