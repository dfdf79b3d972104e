/**
 * Files. Owns what is known of them and the stores that keep their bytes; says what WhatsApp takes as what. It believes
 * the bytes and nobody's word for their type.
 */
export { MAX_MEDIA_BYTES } from './domain/media-limits.js';
export { StorageFullError } from './media.errors.js';
export { MediaModule } from './media.module.js';
export { MediaService, type MediaSource } from './media.service.js';
