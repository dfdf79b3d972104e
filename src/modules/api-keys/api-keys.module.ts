import { Module } from '@nestjs/common';

import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { KeyPrincipals } from './key-principals.js';
import { KeyUses } from './key-uses.js';

@Module({ controllers: [ApiKeysController], providers: [ApiKeyRepository, ApiKeys, KeyPrincipals, KeyUses] })
export class ApiKeysModule {}
