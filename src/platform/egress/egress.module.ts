import { Global, Module } from '@nestjs/common';

import { Egress } from './egress.js';
import { NameResolver, SystemNameResolver } from './name-resolver.js';

@Global()
@Module({ providers: [Egress, { provide: NameResolver, useClass: SystemNameResolver }], exports: [Egress] })
export class EgressModule {}
