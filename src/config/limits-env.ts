import { IsOptional } from 'class-validator';

import { CloudEnv } from './cloud-env.js';
import { Doc } from './env-doc.js';
import { Whole } from './env-rules.js';

const MOST = 1_000_000_000;

/** How much each caller may do. */
export class LimitsEnv extends CloudEnv {
  @Doc({ about: 'Requests of one person within a minute, over all processes that share a Redis.', example: '600' })
  @Whole(1, MOST)
  readonly REQUESTS_PER_PERSON: number = 600;

  @Doc({ about: 'Requests of one API key within a minute.', example: '1200' })
  @Whole(1, MOST)
  readonly REQUESTS_PER_KEY: number = 1200;

  @Doc({
    about: 'Requests from one address (IPv6: one /64) within a minute by whoever has not signed in.',
    example: '300',
  })
  @Whole(1, MOST)
  readonly REQUESTS_PER_NETWORK: number = 300;

  @Doc({ about: 'POST /v1/messages by one person within a minute; counted apart from other requests.', example: '600' })
  @Whole(1, MOST)
  readonly SENDS_PER_PERSON: number = 600;

  @Doc({ about: 'POST /v1/messages by one API key within a minute.', example: '6000' })
  @Whole(1, MOST)
  readonly SENDS_PER_KEY: number = 6000;

  @Doc({
    about: 'Messages that one person may send in a day (UTC). Empty: as many as the sessions take.',
  })
  @IsOptional()
  @Whole(1, MOST)
  readonly DAILY_MESSAGES_PER_PERSON?: number;
}
