import { isGroupAddress } from '../../../kernel/recipient.js';
import { SendDeferredError, SendRefusedError } from '../engine.errors.js';
import type { SendCommand, SentMessage } from '../engine.port.js';
import { ContentRefusedError } from './content-fault.js';
import { contentFaults } from './content-limits.js';
import type { CloudUploads } from './cloud-uploads.js';
import { GraphCallError } from './graph-call-error.js';
import type { GraphClient } from './graph-client.js';
import { type CloudRecipient, messageBody } from './message-body.js';
import { writeReference } from './own-reference.js';
import { readAcceptedMessage, SendOutcomeUnknownError, sendErrorOf } from './send-outcome.js';

interface SenderLine {
  readonly phoneNumberId: string;
  readonly accessToken: string;
  readonly graph: GraphClient;
  readonly uploads: CloudUploads;
  /** Told of every call that failed, and of every one that did not. */
  readonly onCall: (error: GraphCallError | null) => void;
}

const recipientOf = (to: SendCommand['to']): CloudRecipient => {
  if (isGroupAddress(to)) throw new SendRefusedError('not-a-recipient', 'Messages to groups are not sent by Meta.');
  return { phone: to };
};

/** Sends by `POST /{phone-number-id}/messages`, and tells how it went in the words of the port. */
export class CloudSender {
  constructor(private readonly line: SenderLine) {}

  async send(command: SendCommand): Promise<SentMessage> {
    const { to, content, quoted, attempt } = command;
    const recipient = recipientOf(to);
    const mediaId = await this.upload(command);
    const json = messageBody({
      ...{ to: recipient, content, mediaId, ourId: writeReference(command) },
      quotedId: quoted?.providerMessageId ?? null,
    });
    const answer = await this.post(json).catch((error: unknown) => {
      throw error instanceof GraphCallError ? sendErrorOf(error.decide(attempt), error.message) : error;
    });
    const accepted = readAcceptedMessage(answer);
    if (accepted === null) throw new SendOutcomeUnknownError('answer-not-readable', 'Meta named no message.');
    return { providerMessageId: accepted.providerMessageId };
  }

  /** Null for what has no file. A file that Meta would refuse is not uploaded. */
  private async upload({ content, attempt }: SendCommand): Promise<string | null> {
    if (!('media' in content)) return null;
    const faults = contentFaults(content);
    if (faults.length > 0) throw new ContentRefusedError(faults);
    try {
      return await this.line.uploads.idOf(content.media);
    } catch (error) {
      if (!(error instanceof GraphCallError)) throw error;
      this.line.onCall(error);
      const decision = error.decide(attempt);
      // The file may be there; the message was not begun.
      if (decision.action === 'unknown-outcome') throw new SendDeferredError('upload-failed', error.message);
      throw sendErrorOf(decision, error.message);
    }
  }

  private async post(json: object): Promise<unknown> {
    const { graph, phoneNumberId, accessToken: token, onCall } = this.line;
    try {
      const answer = await graph.call({ method: 'POST', path: `${phoneNumberId}/messages`, token, json });
      onCall(null);
      return answer;
    } catch (error) {
      if (error instanceof GraphCallError) onCall(error);
      throw error;
    }
  }
}
