import { join } from 'node:path';

import { Module } from '@nestjs/common';

import { MediaConfig, StorageConfig } from '../../config/config.slices.js';
import { SessionsModule } from '../sessions/index.js';
import { MediaController } from './http/media.controller.js';
import { MediaCleanup } from './media-cleanup.js';
import { MediaIntake } from './media-intake.js';
import { MediaLibrary } from './media-library.js';
import { MediaRepository } from './media.repository.js';
import { MediaService } from './media.service.js';
import { MediaUploads } from './media-uploads.js';
import { BlobStore } from './stores/blob-store.js';
import { DiskStore } from './stores/disk-store.js';
import { S3Store } from './stores/s3-store.js';

const blobStore = {
  provide: BlobStore,
  inject: [MediaConfig, StorageConfig],
  useFactory: ({ store, s3 }: MediaConfig, { dataDir }: StorageConfig): BlobStore =>
    store === 's3' ? new S3Store(s3) : new DiskStore(join(dataDir, 'media', 'blobs')),
};

@Module({
  imports: [SessionsModule],
  controllers: [MediaController],
  providers: [blobStore, MediaCleanup, MediaIntake, MediaLibrary, MediaRepository, MediaService, MediaUploads],
  exports: [MediaService],
})
export class MediaModule {}
