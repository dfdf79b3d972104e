import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { HttpConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { newToken } from './domain/one-time-token.js';
import { FirstAdministrator } from './first-administrator.js';
import { SetupLinkSink } from './setup-link.sink.js';
import { UnattendedSetup } from './unattended-setup.js';

const LIFE_MS = 24 * 3_600_000;
const TOKEN_PREFIX = 'wps';

/** Makes the one-time setup link at each start on an empty database, and shows it once the address is known. */
@Injectable()
export class SetupLink implements OnModuleInit {
  private baseUrl: string | undefined;
  private token: string | undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly transactions: Transactions,
    private readonly unattended: UnattendedSetup,
    private readonly firstAdministrator: FirstAdministrator,
    @Inject(SetupLinkSink) private readonly sink: SetupLinkSink,
    @Inject(HttpConfig) private readonly http: HttpConfig,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onStart('setup-link', () => this.open());
  }

  /**
   * Told by `main.ts` after the server listens: shows the link, now or when the database is ready. PUBLIC_URL, when it
   * is given, wins over the address told here.
   */
  async announce(baseUrl: string): Promise<void> {
    this.baseUrl = (this.http.publicUrl ?? baseUrl).replace(/\/+$/, '');
    await this.showIfReady();
  }

  private async open(): Promise<void> {
    await this.unattended.run();
    const { token, hash } = newToken(TOKEN_PREFIX);
    const isOpen = await this.transactions.run((tx) => this.firstAdministrator.replaceToken(tx, hash, LIFE_MS));
    if (!isOpen) {
      await this.sink.withdraw();
      return;
    }
    this.token = token;
    await this.showIfReady();
  }

  private async showIfReady(): Promise<void> {
    if (this.baseUrl === undefined || this.token === undefined) return;
    // In the fragment, which browsers send to nobody and no proxy writes down.
    await this.sink.show(`${this.baseUrl}/console/setup#token=${this.token}`);
  }
}
