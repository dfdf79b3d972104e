import { Global, Module } from '@nestjs/common';

import { AccessGuard } from './access.guard.js';
import { AccessRegistry } from './access.registry.js';
import { Identification } from './identification.js';

@Global()
@Module({
  providers: [AccessRegistry, Identification, AccessGuard],
  exports: [AccessRegistry, Identification, AccessGuard],
})
export class AccessModule {}
