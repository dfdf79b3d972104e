import { Injectable } from '@nestjs/common';

import type { Principal } from '../access/index.js';
import { OtherEngineError } from './engine.errors.js';
import type { EngineName } from './engine.port.js';

/** Throws not-found, also for a session that this principal may not see. */
type FindEngineOfSession = (sessionId: string, principal: Principal) => Promise<EngineName>;

/** Which engine a session runs on. Engines do not know the sessions: whoever keeps them announces itself here. */
@Injectable()
export class EngineSessions {
  private find: FindEngineOfSession | undefined;

  announce(find: FindEngineOfSession): void {
    this.find = find;
  }

  /** Throws unless there is such a session on this engine and the principal may see it. */
  async require(sessionId: string, principal: Principal, engine: EngineName): Promise<void> {
    if (this.find === undefined) throw new Error('Nobody has announced that it keeps the sessions.');
    const found = await this.find(sessionId, principal);
    if (found !== engine) throw new OtherEngineError(sessionId, found, engine);
  }
}
