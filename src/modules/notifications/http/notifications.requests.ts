import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

const toBoolean = Transform(({ value }: { value: unknown }) =>
  value === 'true' ? true : value === 'false' ? false : value,
);

export class ListNotificationsQuery {
  /** `true`: only those that have not been read. */
  @toBoolean
  @IsBoolean()
  readonly unread: boolean = false;

  /** Notifications on a page. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly cursor?: string;
}

export class NotificationParams {
  @Matches(/^ntf_[0-9a-z]{1,40}$/, { message: 'id must be the id of a notification' })
  readonly id: string;
}
