import { Injectable } from '@nestjs/common';

import { Pacer } from './pacer.js';
import { Quotas } from './quotas.js';

/** What limits say of a message that is to be accepted: whether it may be, and when it will leave. */
@Injectable()
export class SendLimits {
  constructor(
    readonly pacer: Pacer,
    readonly quotas: Quotas,
  ) {}
}
