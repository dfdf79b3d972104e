import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { Lifecycle } from '../lifecycle/lifecycle.js';
import { ShuttingDownError, StartingError } from './http.errors.js';

const WHILE_STARTING = 'http:while-starting';

/** This route answers before the database is migrated and during a stop: it asks for nothing that is in it. */
export const AvailableWhileStarting = (): MethodDecorator & ClassDecorator => SetMetadata(WHILE_STARTING, true);

/**
 * Answers 503 until everything has started, so that nobody meets a database that is half there, and again from the
 * moment in which the process is told to stop.
 */
@Injectable()
export class StartGate implements CanActivate {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.lifecycle.isStarted && !this.lifecycle.isDraining) return true;
    const isExempt = this.reflector.getAllAndOverride<boolean | undefined>(WHILE_STARTING, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isExempt === true) return true;
    throw this.lifecycle.isDraining ? new ShuttingDownError() : new StartingError();
  }
}
