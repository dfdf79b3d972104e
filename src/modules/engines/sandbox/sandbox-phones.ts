import { Injectable } from '@nestjs/common';

import type { SandboxHandle } from './sandbox.handle.js';

/** The sandbox sessions that are open in this process, for whoever plays their phones. */
@Injectable()
export class SandboxPhones {
  private readonly handles = new Map<string, SandboxHandle>();

  add(handle: SandboxHandle): void {
    this.handles.set(handle.sessionId, handle);
  }

  /** An old handle that closes late does not take the place of its successor. */
  remove(handle: SandboxHandle): void {
    if (this.handles.get(handle.sessionId) === handle) this.handles.delete(handle.sessionId);
  }

  find(sessionId: string): SandboxHandle | undefined {
    return this.handles.get(sessionId);
  }
}
