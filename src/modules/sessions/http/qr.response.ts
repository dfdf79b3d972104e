import type { QrCode } from '../qr-codes.js';
import { qrPng } from './qr-png.js';

const SCALE = 5;

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

  static from(code: QrCode): QrResponse {
    return new QrResponse(code, `data:image/png;base64,${qrPng(code.text, SCALE).toString('base64')}`);
  }
}
