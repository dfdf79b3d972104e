import { Injectable, Logger } from '@nestjs/common';

import { EncryptionKeyMissingError } from '../../../platform/crypto/crypto.errors.js';
import { type SealedColumn, SealedColumns } from '../../../platform/crypto/sealed-columns.js';
import type { SecretBox } from '../../../platform/crypto/secret-box.js';
import type { CloudNumber, CloudNumberIds, CloudSecrets } from './cloud-number.js';
import { CloudNumberRepository } from './cloud-number.repository.js';

const ACCESS_TOKEN: SealedColumn = { table: 'cloud_number', column: 'access_token', key: ['session_id'], type: 'text' };
const APP_SECRET: SealedColumn = { table: 'cloud_number', column: 'app_secret', key: ['session_id'], type: 'text' };
const VERIFY_TOKEN: SealedColumn = { table: 'cloud_number', column: 'verify_token', key: ['session_id'], type: 'text' };

/** How long a webhook may be judged by secrets that another process has replaced. */
const LIFE_MS = 1_000;

interface Known {
  readonly numbers: Promise<readonly CloudNumber[]>;
  readonly until: number;
}

/** The numbers of the sessions with their secrets, which are sealed everywhere but in memory. */
@Injectable()
export class CloudNumbers {
  private readonly logger = new Logger(CloudNumbers.name);
  private readonly boxes: Readonly<Record<keyof CloudSecrets, SecretBox>>;
  private known: Known | undefined;

  constructor(
    private readonly repository: CloudNumberRepository,
    columns: SealedColumns,
  ) {
    this.boxes = {
      accessToken: columns.box(ACCESS_TOKEN),
      appSecret: columns.box(APP_SECRET),
      verifyToken: columns.box(VERIFY_TOKEN),
    };
  }

  /** As it is stored. */
  seal(number: CloudNumber): CloudNumber {
    return this.mapSecrets(number, (box, secret) => box.seal(secret, [number.sessionId]));
  }

  /** Null for none; throws `EncryptionKeyMissingError` when no key of this server opens its secrets. */
  async find(sessionId: string): Promise<CloudNumber | null> {
    const sealed = await this.repository.findWithSecrets(sessionId);
    return sealed === null ? null : this.open(sealed);
  }

  /** Null for none. */
  ids(sessionId: string): Promise<CloudNumberIds | null> {
    return this.repository.find(sessionId);
  }

  /** Those whose secrets can be opened here, as they were up to a second ago. */
  all(): Promise<readonly CloudNumber[]> {
    if (this.known === undefined || this.known.until < Date.now()) {
      const numbers = this.load();
      this.known = { numbers, until: Date.now() + LIFE_MS };
      // What could not be read is asked for again at once.
      numbers.catch(() => {
        this.forget();
      });
    }
    return this.known.numbers;
  }

  /** The next one to ask sees what is stored now. */
  forget(): void {
    this.known = undefined;
  }

  async remove(sessionId: string): Promise<void> {
    await this.repository.remove(sessionId);
    this.forget();
  }

  private async load(): Promise<readonly CloudNumber[]> {
    const sealed = await this.repository.findAllWithSecrets();
    return sealed.flatMap((number) => {
      try {
        return this.open(number);
      } catch (error) {
        if (!(error instanceof EncryptionKeyMissingError)) throw error;
        this.logger.warn({ err: error, sessionId: number.sessionId }, 'the webhooks of a number cannot be verified');
        return [];
      }
    });
  }

  private open(sealed: CloudNumber): CloudNumber {
    return this.mapSecrets(sealed, (box, secret) => {
      const opened = box.open(secret, [sealed.sessionId]);
      if (opened === null) throw new Error(`The secrets of the session "${sealed.sessionId}" were changed.`);
      return opened;
    });
  }

  private mapSecrets(number: CloudNumber, map: (box: SecretBox, secret: string) => string): CloudNumber {
    return {
      ...number,
      accessToken: map(this.boxes.accessToken, number.accessToken),
      appSecret: map(this.boxes.appSecret, number.appSecret),
      verifyToken: map(this.boxes.verifyToken, number.verifyToken),
    };
  }
}
