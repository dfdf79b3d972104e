import { Injectable } from '@nestjs/common';

/** The numbers that this process drives: whoever has stored something for one wakes its reader. */
@Injectable()
export class CloudLines {
  private readonly wakes = new Map<string, () => void>();

  open(phoneNumberId: string, wake: () => void): void {
    this.wakes.set(phoneNumberId, wake);
  }

  /** Unless somebody else has taken the number over meanwhile. */
  close(phoneNumberId: string, wake: () => void): void {
    if (this.wakes.get(phoneNumberId) === wake) this.wakes.delete(phoneNumberId);
  }

  wake(phoneNumberIds: Iterable<string>): void {
    for (const id of phoneNumberIds) this.wakes.get(id)?.();
  }
}
