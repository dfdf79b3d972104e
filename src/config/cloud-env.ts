import { IsUrl, Matches } from 'class-validator';

import { Doc } from './env-doc.js';

/** How Meta is reached. */
export class CloudEnv {
  @Doc({
    about: "Meta's Graph API with its version, for sessions of the engine cloud; or a stand-in for it.",
    example: 'https://graph.facebook.com/v26.0',
  })
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @Matches(/\/v\d{1,3}\.\d$/, { message: '$property must end with a version, such as /v26.0' })
  readonly GRAPH_API_URL: string = 'https://graph.facebook.com/v26.0';
}
