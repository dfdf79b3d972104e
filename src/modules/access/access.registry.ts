import { Injectable } from '@nestjs/common';

import type { DenialRecorder, PrincipalResolver } from './access.ports.js';
import type { Principal } from './domain/principal.js';

/** Where the features above announce who can prove a principal, and who writes down a refusal. */
@Injectable()
export class AccessRegistry {
  private readonly resolvers: PrincipalResolver[] = [];
  private recorder: DenialRecorder | undefined;

  addResolver(resolver: PrincipalResolver): void {
    this.resolvers.push(resolver);
  }

  setDenialRecorder(recorder: DenialRecorder): void {
    this.recorder = recorder;
  }

  get denials(): DenialRecorder | undefined {
    return this.recorder;
  }

  async resolve(credentials: string): Promise<Principal | null> {
    for (const resolver of this.resolvers) {
      const principal = await resolver.resolve(credentials);
      if (principal) return principal;
    }
    return null;
  }
}
