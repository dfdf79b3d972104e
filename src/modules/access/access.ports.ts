import type { AccessRule } from './access.decorators.js';
import type { Principal } from './domain/principal.js';

/** Turns what came with a request into the principal that it proves, or null when it proves nothing. */
export interface PrincipalResolver {
  /** `credentials` is an access token or a key, wherever in the request it stood. */
  resolve(credentials: string): Promise<Principal | null>;
}

/** Writes down that somebody known was refused; the refusal goes out after it is written. */
export interface DenialRecorder {
  recordDenial(denial: {
    readonly principal: Principal;
    readonly route: string;
    readonly rule: AccessRule | undefined;
  }): Promise<void>;
}
