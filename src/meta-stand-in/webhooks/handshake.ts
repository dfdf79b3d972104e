import { type Callback } from '../state/directory.js';
import { type World } from '../state/world.js';

const TIMEOUT_MS = 10_000;

export interface HandshakeResult {
  readonly isVerified: boolean;
  readonly status: number;
  readonly challenge: string;
  readonly answer: string;
}

/** Asks the callback to prove itself: 200, and the bare challenge as the body (Webhooks, "Create a webhook endpoint"). */
export const shakeHands = async (
  { outgoing, random }: World,
  { url, verifyToken }: Callback,
  challenge = random.digits(10),
): Promise<HandshakeResult> => {
  const target = new URL(url);
  target.searchParams.set('hub.mode', 'subscribe');
  target.searchParams.set('hub.challenge', challenge);
  target.searchParams.set('hub.verify_token', verifyToken);
  try {
    const { status, body } = await outgoing.send({ method: 'GET', url: target.href, timeoutMs: TIMEOUT_MS });
    const answer = body.toString('utf8');
    return { isVerified: status === 200 && answer === challenge, status, challenge, answer };
  } catch {
    return { isVerified: false, status: 0, challenge, answer: '' };
  }
};
