import { Inject, Injectable, Optional } from '@nestjs/common';

import { ChromiumConfig, StorageConfig } from '../../../config/config.slices.js';
import { Checkpoints, noCheckpoints } from '../../../platform/lifecycle/checkpoints.js';
import { EngineUnavailableError } from '../engine.errors.js';
import { CAPABILITIES, type EngineCapability } from '../engine.capabilities.js';
import type {
  EngineAvailability,
  EngineHandle,
  EngineReports,
  OpenSessionCommand,
  WhatsAppEngine,
} from '../engine.port.js';
import { checkChromium, findChromium, launchOptions } from './chromium.js';
import { routeOf } from './network-route.js';
import { Profile } from './profile.js';
import { SessionGate } from './session-gate.js';
import { WebHandle } from './web-handle.js';
import { WebOpening } from './web-opening.js';
import { DEFAULT_WEB_TIMINGS, WebTimings } from './web-timings.js';

/** WhatsApp Web in a Chromium of our own, driven by whatsapp-web.js: one browser and one profile for each session. */
@Injectable()
export class WebEngine implements WhatsAppEngine {
  readonly name = 'web';
  readonly capabilities: ReadonlySet<EngineCapability> = new Set(Object.keys(CAPABILITIES) as EngineCapability[]);
  readonly parallelSends = 1;
  private readonly gate = new SessionGate();
  /** Who holds which profile: a second browser on it would damage the login. */
  private readonly openings = new Map<string, WebOpening>();

  constructor(
    @Inject(ChromiumConfig) private readonly chromium: ChromiumConfig,
    @Inject(StorageConfig) private readonly storage: StorageConfig,
    @Optional() @Inject(WebTimings) private readonly timings: WebTimings = DEFAULT_WEB_TIMINGS,
    @Optional() @Inject(Checkpoints) private readonly checkpoints: Checkpoints = noCheckpoints,
  ) {}

  availability(): Promise<EngineAvailability> {
    return Promise.resolve(checkChromium(this.chromium));
  }

  open({ sessionId, proxy, signal }: OpenSessionCommand, reports: EngineReports): Promise<EngineHandle> {
    return this.gate.run(sessionId, async () => {
      signal.throwIfAborted();
      const availability = checkChromium(this.chromium);
      const executable = findChromium(this.chromium);
      if (!availability.available || executable === null) {
        throw new EngineUnavailableError(this.name, availability.available ? 'No Chromium.' : availability.reason);
      }
      if (this.openings.has(sessionId)) throw new Error(`The session "${sessionId}" is open already.`);
      const route = routeOf(proxy);
      const opening: WebOpening = new WebOpening(
        {
          profile: this.profileOf(sessionId),
          timings: this.timings,
          checkpoints: this.checkpoints,
          route,
          launch: (launchSignal) => launchOptions(this.chromium, executable, route, launchSignal),
          gate: this.gate,
          onOver: () => this.openings.delete(sessionId),
        },
        reports,
      );
      this.openings.set(sessionId, opening);
      await opening.start(signal);
      return new WebHandle(opening, this.timings, () => this.forget(sessionId));
    });
  }

  forget(sessionId: string): Promise<void> {
    return this.gate.run(sessionId, async () => {
      if (this.openings.has(sessionId)) throw new Error(`The session "${sessionId}" is open.`);
      const profile = this.profileOf(sessionId);
      await profile.evict();
      await profile.remove();
    });
  }

  private profileOf(sessionId: string): Profile {
    return new Profile(this.storage.sessionPath, sessionId);
  }
}
