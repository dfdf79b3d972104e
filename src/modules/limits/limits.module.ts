import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { PaceRepository } from './pace.repository.js';
import { Pacer } from './pacer.js';
import { Quotas } from './quotas.js';

@Module({ imports: [SessionsModule], providers: [PaceRepository, Pacer, Quotas], exports: [Pacer, Quotas] })
export class LimitsModule {}
