import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

import { Doc } from './env-doc.js';
import { List, Numbers, OptionalUrl, Truth, Whole } from './env-rules.js';
import { LimitsEnv } from './limits-env.js';

/** What leaves and where files are kept. */
export class MediaEnv extends LimitsEnv {
  @Doc({
    about:
      'Receivers in the own network that addresses given by users may name, as host:port, separated by commas. All else that is not public is refused.',
  })
  @IsOptional()
  @List
  @Matches(/^(?:\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+):\d{1,5}$/, { each: true })
  readonly EGRESS_ALLOWED_HOSTS?: readonly string[];

  @Doc({
    about: 'Ports that addresses given by users may name, separated by commas.',
    example: '80,443,8080,8443',
  })
  @Numbers
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(65_535, { each: true })
  readonly EGRESS_ALLOWED_PORTS: readonly number[] = [80, 443, 8080, 8443];

  @Doc({
    about:
      'true lets an API key stand in the body as apiKey: only for programs that can send no header, for it leaks into logs.',
    example: 'false',
  })
  @Truth
  @IsBoolean()
  readonly API_KEY_IN_BODY: boolean = false;

  @Doc({ about: 'Where files are kept: disk (DATA_DIR/media) or s3.', example: 'disk' })
  @IsIn(['disk', 's3'])
  readonly MEDIA_STORE: 'disk' | 's3' = 'disk';

  @Doc({ about: 'With MEDIA_STORE=s3: the address of the store. Empty: Amazon.' })
  @OptionalUrl('http', 'https')
  readonly S3_ENDPOINT?: string;

  @Doc({ about: 'Region of the bucket.', example: 'us-east-1' })
  @IsString()
  readonly S3_REGION: string = 'us-east-1';

  @Doc({ about: 'Bucket for the files; it must exist.' })
  @IsOptional()
  @IsString()
  readonly S3_BUCKET?: string;

  @Doc({ about: 'Key of the store. Empty: as the machine offers it.' })
  @IsOptional()
  @IsString()
  readonly S3_ACCESS_KEY_ID?: string;

  @Doc({ about: 'Secret of S3_ACCESS_KEY_ID.', secret: true })
  @IsOptional()
  @IsString()
  readonly S3_SECRET_ACCESS_KEY?: string;

  @Doc({
    about: 'false names the bucket in the host instead of in the path, for stores that ask for it.',
    example: 'true',
  })
  @Truth
  @IsBoolean()
  readonly S3_FORCE_PATH_STYLE: boolean = true;

  @Doc({ about: 'Days after which a file that no message refers to is removed.', example: '7' })
  @Whole(1, 3650)
  readonly MEDIA_UNUSED_DAYS: number = 7;
}

/** What each variable alone does not show. */
export const findMediaTroubles = (env: MediaEnv): readonly string[] => {
  if (env.MEDIA_STORE !== 's3') return [];
  const hasHalfAKey = (env.S3_ACCESS_KEY_ID === undefined) !== (env.S3_SECRET_ACCESS_KEY === undefined);
  return [
    ...(env.S3_BUCKET === undefined ? ['S3_BUCKET: must be given with MEDIA_STORE=s3'] : []),
    ...(hasHalfAKey ? ['S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: give both or neither'] : []),
  ];
};
