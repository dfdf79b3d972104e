import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';

import { AppModule } from '../../src/app.module.js';
import { parseEnv } from '../../src/config/env.js';
import { ACCESS_RULE, type AccessRule } from '../../src/modules/access/index.js';

export interface RouteRule {
  readonly handler: string;
  /** `GET /v1/users/:id` */
  readonly route: string;
  readonly rule: AccessRule | undefined;
}

/** Nobody connects to it: the application is put together, not started. */
const NO_DATABASE = { url: 'postgresql://nobody@127.0.0.1:1/none', ownerUrl: 'postgresql://nobody@127.0.0.1:1/none' };

const joinPath = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;

/** Every route of every controller with the rule that it states. */
export const routeRules = async (...extra: readonly (new () => object)[]): Promise<readonly RouteRule[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waypost-routes-'));
  const env = parseEnv({ NODE_ENV: 'test', DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const module = await Test.createTestingModule({
    imports: [AppModule.with({ env, database: NO_DATABASE }), DiscoveryModule],
    controllers: [...extra],
  }).compile();
  const reflector = module.get(Reflector);
  const rules: RouteRule[] = [];
  for (const { metatype } of module.get(DiscoveryService).getControllers()) {
    if (!metatype) continue;
    const prototype = metatype.prototype as Record<string, (...args: readonly unknown[]) => unknown>;
    for (const name of module.get(MetadataScanner).getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (!handler || !Reflect.hasMetadata(PATH_METADATA, handler)) continue;
      const [base, path] = [metatype, handler].map((target) => Reflect.getMetadata(PATH_METADATA, target) as string);
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      rules.push({
        handler: `${metatype.name}.${name}`,
        route: `${method} ${joinPath(base ?? '', path ?? '')}`,
        rule: reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [handler, metatype]),
      });
    }
  }
  await rm(dataDir, { recursive: true, force: true });
  return rules.sort((a, b) => (a.route < b.route ? -1 : 1));
};
