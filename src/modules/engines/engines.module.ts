import { Module } from '@nestjs/common';

import { EngineHealth } from './engine-health.js';
import { EngineRegistry } from './engine.registry.js';
import { SandboxContactsController } from './sandbox/http/sandbox-contacts.controller.js';
import { SandboxController } from './sandbox/http/sandbox.controller.js';
import { SandboxControl } from './sandbox/sandbox-control.js';
import { SandboxEngine } from './sandbox/sandbox.engine.js';
import { SandboxPhones } from './sandbox/sandbox-phones.js';
import { SandboxRepository } from './sandbox/sandbox.repository.js';
import { WebEngine } from './web/web.engine.js';

@Module({
  controllers: [SandboxController, SandboxContactsController],
  providers: [
    SandboxRepository,
    SandboxPhones,
    SandboxControl,
    SandboxEngine,
    WebEngine,
    EngineHealth,
    {
      provide: EngineRegistry,
      useFactory: (sandbox: SandboxEngine, web: WebEngine): EngineRegistry => new EngineRegistry([sandbox, web]),
      inject: [SandboxEngine, WebEngine],
    },
  ],
  exports: [EngineRegistry],
})
export class EnginesModule {}
