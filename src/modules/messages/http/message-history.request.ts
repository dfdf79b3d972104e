import { IsBoolean, IsIn, IsOptional } from 'class-validator';

import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { MessageFilterQuery } from './list-messages.request.js';

export class ExportMessagesQuery extends MessageFilterQuery {
  /** `true` begins the file with the mark by which some spreadsheets know UTF-8. */
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly bom?: string;
}

export class CleanupMessagesRequest {
  /** True by default: only tells how many would be removed. */
  @MayBeAbsent()
  @IsBoolean()
  readonly dryRun?: boolean;
}
