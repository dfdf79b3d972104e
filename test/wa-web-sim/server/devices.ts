import { randomHex } from './addresses.ts';
import type { LogoutMode } from './config.ts';

/** A linked device as the service knows it. */
export interface Device {
  readonly deviceId: string;
  readonly secret: string;
  readonly phone: string;
  removed: boolean;
  removedMode: LogoutMode | undefined;
}

/** The linked devices, and those whose network is down. */
export class Devices {
  private readonly byId = new Map<string, Device>();
  private readonly offlineUntil = new Map<string, number>();

  find(deviceId: string | undefined): Device | undefined {
    return deviceId === undefined ? undefined : this.byId.get(deviceId);
  }

  link(deviceId: string, phone: string, secret = randomHex(16)): Device {
    const device: Device = { deviceId, secret, phone, removed: false, removedMode: undefined };
    this.byId.set(deviceId, device);
    return device;
  }

  linkedTo(phone: string): Device[] {
    return [...this.byId.values()].filter((device) => device.phone === phone && !device.removed);
  }

  /** The phone removes its devices, or one of them; how many it was. */
  remove(
    phone: string,
    which: { readonly deviceId?: string | undefined; readonly mode?: LogoutMode | undefined },
  ): number {
    const devices = [...this.byId.values()].filter(
      (device) => device.phone === phone && (!which.deviceId || device.deviceId === which.deviceId),
    );
    for (const device of devices) {
      device.removed = true;
      device.removedMode = which.mode;
    }
    return devices.length;
  }

  cutOff(deviceId: string, ms: number | undefined): void {
    this.offlineUntil.set(deviceId, ms ? Date.now() + ms : Infinity);
  }

  isCutOff(deviceId: string | undefined): boolean {
    const until = deviceId === undefined ? undefined : this.offlineUntil.get(deviceId);
    return until !== undefined && Date.now() < until;
  }

  restoreNetwork(): number {
    const count = this.offlineUntil.size;
    this.offlineUntil.clear();
    return count;
  }

  clear(): void {
    this.byId.clear();
  }
}
