/** Files: prepared, uploaded, downloaded. */
import { randomBytes, toBase64 } from '../base/encoding.js';
import { mediaObjectOf } from '../media/media-objects.js';
import { OpaqueData } from '../media/opaque-data.js';
import { prepare } from '../media/preparation.js';
import { fetchMedia, uploadMedia } from '../media/transfer.js';
import { sendPrepared } from '../send-path.js';

const CACHED_BLOBS = 20;

function prepRawMedia(opaque, options) {
  const prepared = prepare(opaque, options);
  // Who asks gets the error from waitForPrep; nobody having asked yet must not count as unhandled.
  prepared.catch(() => {});
  return {
    waitForPrep: () => prepared,
    sendToChat: async (chat, sendOptions) => sendPrepared(await prepared, chat, sendOptions),
  };
}

async function encryptAndUpload({ blob, type }) {
  const mediaObject = { mediaBlob: { blob } };
  const { mediaEntry } = await uploadMedia({ mimetype: blob.type, mediaObject, mediaType: type });
  return { ...mediaEntry, url: mediaEntry.mmsUrl, mimetype: blob.type };
}

const blobCache = {
  blobs: new Map(),
  put(key, blob) {
    this.blobs.set(key, blob);
    if (this.blobs.size > CACHED_BLOBS) this.blobs.delete(this.blobs.keys().next().value);
  },
  get(key) {
    return this.blobs.get(key);
  },
};

const download = ({ directPath }) => fetchMedia(directPath);

export const mediaModules = {
  WAWebMediaOpaqueData: OpaqueData,
  WAWebPrepRawMedia: { prepRawMedia },
  WAWebMediaPrep: { prepRawMedia, MediaPrep() {} },
  WAWebMediaStorage: { getOrCreateMediaObject: mediaObjectOf },
  WAWebMmsMediaTypes: { msgToMediaType: ({ type, isGif }) => (isGif ? 'gif' : type), castToV4: (type) => type },
  WAWebMediaTypes: { msgToMediaType: ({ type }) => type },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => true },
  WAWebMediaInMemoryBlobCache: { InMemoryMediaBlobCache: blobCache },
  WAWebMediaMmsV4Upload: { uploadMedia, uploadUnencryptedMedia: uploadMedia },
  WAWebUploadManager: { encryptAndUpload, uploadManager: {} },
  WAWebStartMediaUploadQpl: { startMediaUploadQpl: () => ({}) },
  WAMediaCalculateFilehash: { getRandomFilehash: async () => toBase64(randomBytes(32)) },
  WAWebDownloadManager: { downloadManager: { downloadAndMaybeDecrypt: download, downloadAndDecrypt: download } },
  WAWebImageUtils: { toWebpSticker: async (file) => file },
  WAWebBackendJobsCommon: { mediaTypeFromProtobuf: () => null },
  WAWebE2EProtoUtils: { typeAttributeFromProtobuf: () => 'text' },
};
