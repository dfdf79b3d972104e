import { answerControl, isControlPath } from './control/control-api.js';
import { answerGraph, answerMedia } from './graph/graph-api.js';
import { isGraphPath } from './graph/places.js';
import { answerJson, type Call, type Outcome } from './http/exchange.js';
import { Listener } from './http/listener.js';
import { type ResolvedApp, resolveOptions, type StandInOptions } from './options.js';
import { isMediaPath } from './state/media-link.js';
import { createWorld, resetWorld, type World } from './state/world.js';

/** A server that behaves like the part of Meta's Graph API that a WhatsApp gateway uses. */
export class MetaStandIn {
  private constructor(
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  static async listen(options: StandInOptions = {}): Promise<MetaStandIn> {
    const resolved = resolveOptions(options);
    const world = createWorld(resolved);
    const listener = await Listener.open(resolved.host, resolved.port, (call) => answer(world, call));
    world.url = listener.url;
    return new MetaStandIn(world, listener);
  }

  /** What `GRAPH_API_URL` is set to; the control API is below it. */
  get url(): string {
    return this.listener.url;
  }

  /** What somebody who starts it by hand needs to know. */
  describe(): string {
    const { apps } = this.world.options;
    return [
      `The stand-in for Meta listens on ${this.url}`,
      `  GRAPH_API_URL=${this.url}`,
      `  control API: ${this.url}/_control/health`,
      ...apps.flatMap(describeApp),
    ].join('\n');
  }

  /** Nothing is told any more, and open calls are cut. */
  async close(): Promise<void> {
    resetWorld(this.world);
    await this.listener.close();
  }
}

const describeApp = ({ id, secret, accessToken, verifyToken, webhookUrl, accounts }: ResolvedApp): string[] => [
  `  app ${id}: secret ${secret}, access token ${accessToken}, verify token ${verifyToken}`,
  `    webhook: ${webhookUrl ?? 'none'}`,
  ...accounts.flatMap((account) =>
    account.numbers.map((number) => `    account ${account.id}: number ${number.id}, ${number.displayPhoneNumber}`),
  ),
];

const answer = async (world: World, call: Call): Promise<Outcome> => {
  if (isControlPath(call.path)) return answerControl(world, call);
  if (isMediaPath(call.path)) return answerMedia(world, call);
  if (isGraphPath(call.path)) return answerGraph(world, call);
  return answerJson({ error: { message: 'Unknown path components', type: 'OAuthException', code: 2500 } }, 400);
};
