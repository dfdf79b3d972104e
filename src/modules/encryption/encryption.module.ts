import { Module } from '@nestjs/common';

import { EncryptionFigures } from './encryption-figures.js';
import { EncryptionKeysRepository } from './encryption-keys.repository.js';
import { EncryptionReport } from './encryption-report.js';
import { KeyHistory } from './key-history.js';
import { KeyRotation } from './key-rotation.js';
import { Resealer } from './resealer.js';
import { SealedRowsRepository } from './sealed-rows.repository.js';

@Module({
  providers: [
    EncryptionKeysRepository,
    SealedRowsRepository,
    EncryptionReport,
    EncryptionFigures,
    KeyHistory,
    Resealer,
    KeyRotation,
  ],
})
export class EncryptionModule {}
