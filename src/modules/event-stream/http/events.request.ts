import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Matches } from 'class-validator';

const MAX_TYPES = 50;

export class EventsQuery {
  /** Names of events with commas between them; all of them without it. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : ''))
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TYPES)
  @Matches(/^[a-z][a-z0-9._-]{0,63}$/, {
    each: true,
    message: 'types must be names of events with commas between them',
  })
  readonly types?: string[];

  /** Only what happens to this session. */
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId?: string;

  /** Id of the last event that you have; the header `Last-Event-ID` says the same, and wins. */
  @IsOptional()
  @Matches(/^evt_[a-z0-9]{26}$/, { message: 'lastEventId must be the id of an event' })
  readonly lastEventId?: string;
}
