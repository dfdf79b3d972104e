import { toDataURL } from 'qrcode';

import type { QrCode } from '../qr-codes.js';

export class QrResponse {
  /** What the phone scans. */
  readonly qr: string;
  /** The same as a picture: a data URL of a PNG. */
  readonly image: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
  readonly expiryInSeconds: number;

  private constructor({ text, generatedAt, expiresAt }: QrCode, image: string) {
    this.qr = text;
    this.image = image;
    this.generatedAt = generatedAt;
    this.expiresAt = expiresAt;
    this.expiryInSeconds = Math.max(0, Math.round((Date.parse(expiresAt) - Date.now()) / 1000));
  }

  static async from(code: QrCode): Promise<QrResponse> {
    return new QrResponse(code, await toDataURL(code.text, { margin: 2, width: 320 }));
  }
}
