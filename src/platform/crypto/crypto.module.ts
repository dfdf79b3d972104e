import { Global, Module } from '@nestjs/common';

import { IdentityConfig, StorageConfig } from '../../config/config.slices.js';
import { KeyWatch } from './key-watch.js';
import { PasswordHasher } from './password-hasher.js';
import { SealedColumns } from './sealed-columns.js';
import { Secrets } from './secrets.js';

@Global()
@Module({
  providers: [
    PasswordHasher,
    {
      provide: Secrets,
      inject: [IdentityConfig, StorageConfig],
      useFactory: (identity: IdentityConfig, storage: StorageConfig): Promise<Secrets> =>
        Secrets.load({ ...identity, ...storage }),
    },
    SealedColumns,
    KeyWatch,
  ],
  exports: [PasswordHasher, Secrets, SealedColumns, KeyWatch],
})
export class CryptoModule {}
