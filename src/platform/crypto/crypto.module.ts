import { Global, Module } from '@nestjs/common';

import { IdentityConfig, StorageConfig } from '../../config/config.slices.js';
import { PasswordHasher } from './password-hasher.js';
import { Secrets } from './secrets.js';

@Global()
@Module({
  providers: [
    PasswordHasher,
    {
      provide: Secrets,
      inject: [IdentityConfig, StorageConfig],
      useFactory: ({ jwtSecret, encryptionKey }: IdentityConfig, { dataDir }: StorageConfig): Promise<Secrets> =>
        Secrets.load({ jwtSecret, encryptionKey, dataDir }),
    },
  ],
  exports: [PasswordHasher, Secrets],
})
export class CryptoModule {}
