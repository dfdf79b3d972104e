import { Injectable, type OnModuleInit } from '@nestjs/common';

import { AccessRegistry, type Principal, type PrincipalResolver } from '../access/index.js';
import { AccessTokens } from './access-tokens.js';
import { SignInStates } from './sign-in-states.js';

/** Proves people by their access tokens. */
@Injectable()
export class UserPrincipals implements PrincipalResolver, OnModuleInit {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly tokens: AccessTokens,
    private readonly states: SignInStates,
  ) {}

  onModuleInit(): void {
    this.registry.addResolver(this);
  }

  async resolve(credentials: string): Promise<Principal | null> {
    const claims = this.tokens.read(credentials);
    if (!claims) return null;
    const signIn = await this.states.find(claims.sid);
    if (signIn?.userId !== claims.sub || signIn.tokenVersion !== claims.ver) return null;
    return signIn.principal;
  }
}
