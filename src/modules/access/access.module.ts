import { Global, Module } from '@nestjs/common';

import { AccessGuard } from './access.guard.js';
import { AccessRegistry } from './access.registry.js';

@Global()
@Module({ providers: [AccessRegistry, AccessGuard], exports: [AccessRegistry, AccessGuard] })
export class AccessModule {}
