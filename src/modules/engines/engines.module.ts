import { Module } from '@nestjs/common';

import { CloudEngine } from './cloud/cloud.engine.js';
import { CloudHandshake } from './cloud/cloud-handshake.js';
import { CloudIntake } from './cloud/cloud-intake.js';
import { CloudLines } from './cloud/cloud-lines.js';
import { CloudNumberRepository } from './cloud/cloud-number.repository.js';
import { CloudNumbers } from './cloud/cloud-numbers.js';
import { CloudSetup } from './cloud/cloud-setup.js';
import { CloudUpdateRepository } from './cloud/cloud-update.repository.js';
import { CloudUpdateRetention } from './cloud/cloud-update-retention.js';
import { GraphClient } from './cloud/graph-client.js';
import { CloudController } from './cloud/http/cloud.controller.js';
import { WebhookController } from './cloud/http/webhook.controller.js';
import { EngineHealth } from './engine-health.js';
import { EngineRegistry } from './engine.registry.js';
import { EngineSessions } from './engine-sessions.js';
import { SandboxContactsController } from './sandbox/http/sandbox-contacts.controller.js';
import { SandboxController } from './sandbox/http/sandbox.controller.js';
import { SandboxControl } from './sandbox/sandbox-control.js';
import { SandboxEngine } from './sandbox/sandbox.engine.js';
import { SandboxPhones } from './sandbox/sandbox-phones.js';
import { SandboxRepository } from './sandbox/sandbox.repository.js';
import { WebEngine } from './web/web.engine.js';

@Module({
  controllers: [SandboxController, SandboxContactsController, CloudController, WebhookController],
  providers: [
    SandboxRepository,
    SandboxPhones,
    SandboxControl,
    SandboxEngine,
    WebEngine,
    CloudNumberRepository,
    CloudUpdateRepository,
    CloudUpdateRetention,
    CloudNumbers,
    CloudSetup,
    CloudHandshake,
    CloudLines,
    CloudIntake,
    GraphClient,
    CloudEngine,
    EngineSessions,
    EngineHealth,
    {
      provide: EngineRegistry,
      useFactory: (sandbox: SandboxEngine, web: WebEngine, cloud: CloudEngine): EngineRegistry =>
        new EngineRegistry([sandbox, web, cloud]),
      inject: [SandboxEngine, WebEngine, CloudEngine],
    },
  ],
  exports: [EngineRegistry, EngineSessions],
})
export class EnginesModule {}
