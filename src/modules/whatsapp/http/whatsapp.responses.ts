import type { QrCode } from '../../sessions/index.js';
import type { ConnectionState } from '../whatsapp.service.js';

/** What every answer of `/whatsapp/*` begins with. */
abstract class SuccessResponse {
  readonly success: boolean = true;
}

export class DoneResponse extends SuccessResponse {
  readonly message: string;

  private constructor(message: string) {
    super();
    this.message = message;
  }

  static from(message: string): DoneResponse {
    return new DoneResponse(message);
  }
}

export class StatusData {
  readonly ready: boolean;
  readonly initializing: boolean;
  readonly hasQRCode: boolean;
  readonly reconnectAttempts: number;
  readonly message: string;

  constructor(state: ConnectionState) {
    this.ready = state.ready;
    this.initializing = state.initializing;
    this.hasQRCode = state.hasQRCode;
    this.reconnectAttempts = state.reconnectAttempts;
    this.message = state.message;
  }
}

export class StatusResponse extends SuccessResponse {
  readonly data: StatusData;

  private constructor(state: ConnectionState) {
    super();
    this.data = new StatusData(state);
  }

  static from(state: ConnectionState): StatusResponse {
    return new StatusResponse(state);
  }
}

export class ConnectionStatusData extends StatusData {
  readonly status: string;
  readonly qrCodeExpiry: string | null;
  readonly lastUpdated: string;

  constructor(state: ConnectionState) {
    super(state);
    this.status = state.status;
    this.qrCodeExpiry = state.qrCodeExpiry;
    this.lastUpdated = state.lastUpdated;
  }
}

export class ConnectionStatusResponse extends SuccessResponse {
  readonly data: ConnectionStatusData;

  private constructor(state: ConnectionState) {
    super();
    this.data = new ConnectionStatusData(state);
  }

  static from(state: ConnectionState): ConnectionStatusResponse {
    return new ConnectionStatusResponse(state);
  }
}

export class IsAuthenticatedData {
  readonly authenticated: boolean;
  readonly message: string;

  constructor(authenticated: boolean) {
    this.authenticated = authenticated;
    this.message = authenticated ? 'A number is linked and ready.' : 'No number is linked and ready.';
  }
}

export class IsAuthenticatedResponse extends SuccessResponse {
  readonly data: IsAuthenticatedData;

  private constructor(authenticated: boolean) {
    super();
    this.data = new IsAuthenticatedData(authenticated);
  }

  static from(authenticated: boolean): IsAuthenticatedResponse {
    return new IsAuthenticatedResponse(authenticated);
  }
}

export class QrData {
  /** What the QR code holds, to be drawn; null when there is none. */
  readonly qr: string | null;
  readonly generatedAt: string | null;
  readonly expiresAt: string | null;
  readonly message: string;

  constructor(code: QrCode | null) {
    this.qr = code?.text ?? null;
    this.generatedAt = code?.generatedAt ?? null;
    this.expiresAt = code?.expiresAt ?? null;
    this.message = code === null ? 'There is no QR code to scan.' : 'Scan the QR code with the phone.';
  }
}

export class QrResponse extends SuccessResponse {
  readonly data: QrData;

  private constructor(code: QrCode | null) {
    super();
    this.data = new QrData(code);
  }

  static from(code: QrCode | null): QrResponse {
    return new QrResponse(code);
  }
}

export class NewQrData extends QrData {
  readonly expiryInSeconds: number;

  constructor(code: QrCode) {
    super(code);
    this.expiryInSeconds = Math.max(0, Math.round((Date.parse(code.expiresAt) - Date.now()) / 1000));
  }
}

export class NewQrResponse extends SuccessResponse {
  readonly data: NewQrData;

  private constructor(code: QrCode) {
    super();
    this.data = new NewQrData(code);
  }

  static from(code: QrCode): NewQrResponse {
    return new NewQrResponse(code);
  }
}
