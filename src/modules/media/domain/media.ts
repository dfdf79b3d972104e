/** A stored file. */
export interface Media {
  readonly id: string;
  readonly sha256: string;
  /** As the bytes say. */
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly fileName: string | null;
  readonly source: MediaOrigin;
  /** Of which session; null: of its owner. */
  readonly sessionId: string | null;
  readonly createdAt: Date;
}

export type MediaOrigin = 'upload' | 'url' | 'base64' | 'inbound';
