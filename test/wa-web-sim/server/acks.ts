import { digits, rawIdOf } from './addresses.ts';
import type { PairedPage } from './pages.ts';
import type { World } from './world.ts';

interface Ack {
  readonly phone: string;
  readonly id: string;
  readonly ack: number;
  /** Also when the message is further on already. */
  readonly force?: boolean;
}

/** Moves a message of an account on, and tells its page. */
export function acknowledge(world: World, { phone, id, ack, force = false }: Ack): void {
  const message = world.accounts.of(phone).messages.get(id);
  if (message) {
    if (!force && ack > 0 && message.ack >= ack) return;
    message.ack = ack;
  }
  const record = world.findSent(phone, id);
  if (record) record.ack = ack;
  world.pages.tell(phone, { t: 'ack', id, ack, force });
  world.journal.record('ack', { phone, id, ack });
}

/** The page has a message: it is no longer waiting, and its sender, if simulated, gets the second tick. */
export function confirmDelivery(world: World, page: PairedPage, id: string): void {
  const account = world.accounts.of(page.phone);
  account.offline.delete(id);
  const { crossDeliver, autoAck } = world.config;
  const from = account.messages.get(id)?.pn;
  const sender = from === undefined ? undefined : world.accounts.find(digits(from));
  if (!sender || !crossDeliver || autoAck < 2) return;
  const rawId = rawIdOf(id);
  for (const [ownId, message] of sender.messages) {
    if (ownId.startsWith('true_') && ownId.includes(rawId) && message.ack < 2) {
      acknowledge(world, { phone: sender.phone, id: ownId, ack: 2 });
    }
  }
}
