import type { QrCode } from '../../sessions/index.js';
import type { ConnectionState } from '../whatsapp.service.js';

/** What an answer of `/whatsapp/*` looks like: data or a message. */
export class DoneResponse {
  success!: true;
  message!: string;

  static from(message: string): DoneResponse {
    return { success: true, message };
  }
}

export class StatusData {
  ready!: boolean;
  initializing!: boolean;
  hasQRCode!: boolean;
  reconnectAttempts!: number;
  message!: string;
}

export class StatusResponse {
  success!: true;
  data!: StatusData;

  static from({ ready, initializing, hasQRCode, reconnectAttempts, message }: ConnectionState): StatusResponse {
    return { success: true, data: { ready, initializing, hasQRCode, reconnectAttempts, message } };
  }
}

export class ConnectionStatusData extends StatusData {
  status!: string;
  qrCodeExpiry!: string | null;
  lastUpdated!: string;
}

export class ConnectionStatusResponse {
  success!: true;
  data!: ConnectionStatusData;

  static from(state: ConnectionState): ConnectionStatusResponse {
    const { status, qrCodeExpiry, lastUpdated } = state;
    return { success: true, data: { status, ...StatusResponse.from(state).data, qrCodeExpiry, lastUpdated } };
  }
}

export class IsAuthenticatedData {
  authenticated!: boolean;
  message!: string;
}

export class IsAuthenticatedResponse {
  success!: true;
  data!: IsAuthenticatedData;

  static from(authenticated: boolean): IsAuthenticatedResponse {
    const message = authenticated ? 'A number is linked and ready.' : 'No number is linked and ready.';
    return { success: true, data: { authenticated, message } };
  }
}

export class QrData {
  /** What the QR code holds, to be drawn; null when there is none. */
  qr!: string | null;
  generatedAt!: string | null;
  expiresAt!: string | null;
  message!: string;
}

export class QrResponse {
  success!: true;
  data!: QrData;

  static from(code: QrCode | null): QrResponse {
    const message = code === null ? 'There is no QR code to scan.' : 'Scan the QR code with the phone.';
    const { text: qr = null, generatedAt = null, expiresAt = null } = code ?? {};
    return { success: true, data: { qr, generatedAt, expiresAt, message } };
  }
}

export class NewQrData extends QrData {
  expiryInSeconds!: number;
}

export class NewQrResponse {
  success!: true;
  data!: NewQrData;

  static from(code: QrCode): NewQrResponse {
    const expiryInSeconds = Math.max(0, Math.round((Date.parse(code.expiresAt) - Date.now()) / 1000));
    return { success: true, data: { ...QrResponse.from(code).data, expiryInSeconds } };
  }
}
