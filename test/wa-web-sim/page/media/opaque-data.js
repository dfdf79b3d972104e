import { fromBase64 } from '../base/encoding.js';

const URL_LIVES_MS = 1000;

/** WhatsApp's handle on a file's bytes. */
export class OpaqueData {
  #url = null;

  constructor(blob, mimetype) {
    this.blob = blob;
    this.mimetype = mimetype || blob.type;
  }

  static async createFromData(data, mimetype) {
    const blob = data instanceof Blob ? data : new Blob([data], { type: mimetype });
    return new OpaqueData(blob, mimetype);
  }

  static async createFromBase64Jpeg(text) {
    return new OpaqueData(new Blob([fromBase64(text)], { type: 'image/jpeg' }));
  }

  get type() {
    return this.mimetype;
  }

  get size() {
    return this.blob.size;
  }

  url() {
    this.#url ||= URL.createObjectURL(this.blob);
    return this.#url;
  }

  formData() {
    return this.blob;
  }

  forceToBlob() {
    return this.blob;
  }

  retain() {}

  release() {}

  autorelease() {
    setTimeout(() => {
      if (this.#url) URL.revokeObjectURL(this.#url);
      this.#url = null;
    }, URL_LIVES_MS);
  }
}
