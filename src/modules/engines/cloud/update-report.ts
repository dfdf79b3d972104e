import type { EngineReports } from '../engine.port.js';
import type { CloudUpdate } from './cloud-update.js';
import type { PendingUpdate } from './cloud-update.repository.js';
import { readReference } from './own-reference.js';

interface UpdateReport {
  /** About something that another update tells of. */
  readonly isLater: boolean;
  /** Needed afterwards: the file of a message is found by it, and what was not read of one. */
  readonly isKept: boolean;
  readonly run: (reports: EngineReports) => Promise<void>;
}

/** The database keeps times as texts. */
const timed = <T extends { readonly at: Date }>(told: T): T => ({ ...told, at: new Date(told.at) });

const NOTHING: UpdateReport = { isLater: false, isKept: false, run: () => Promise.resolve() };

/** What an update that was stored tells the session. */
export const reportOf = ({ body }: Pick<PendingUpdate, 'kind' | 'body'>): UpdateReport => {
  const update = body as CloudUpdate;
  switch (update.kind) {
    case 'message': {
      const { message, extra } = update.inbound;
      const isKept = extra.media !== null || extra.raw !== null;
      return { isLater: false, isKept, run: (reports) => reports.received(timed(message)) };
    }
    case 'status': {
      const { ack, ourId } = update.status;
      if (ack === null) return NOTHING;
      const sent = readReference(ourId);
      return {
        ...NOTHING,
        run: (reports) => reports.acked({ ...timed(ack), ...(sent !== null && { sent }) }),
      };
    }
    case 'change':
      return { isLater: true, isKept: false, run: (reports) => reports.changed(timed(update.change)) };
    case 'call': {
      const { change } = update;
      return change === null ? NOTHING : { ...NOTHING, run: (reports) => reports.changed(timed(change)) };
    }
    default:
      return NOTHING;
  }
};
