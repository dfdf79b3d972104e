import { SetMetadata } from '@nestjs/common';

export const COUNTED_AS = 'throttle:counted-as';

/** Which of the limits of its caller a request uses up; those of `requests` when a route says nothing. */
export type CountedAs = 'requests' | 'sends' | 'nothing';

/** A route that sends one message: programs do nothing else all day, so it has a limit of its own. */
export const CountedAsSend = (): MethodDecorator => SetMetadata(COUNTED_AS, 'sends' satisfies CountedAs);

/** A route that must answer whoever asks, however often: health, and files that cost nothing. */
export const NotCounted = (): MethodDecorator & ClassDecorator =>
  SetMetadata(COUNTED_AS, 'nothing' satisfies CountedAs);
