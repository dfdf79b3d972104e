import { Injectable } from '@nestjs/common';

import type { MessageFilters, PageOptions, Place, PlacedMessage } from '../message-history.repository.js';
import { FIRST_BLOCK, MessageSearchRepository } from './message-search.repository.js';

/** Few at first: what is often said is found in the first of them. */
const FIRST_BLOCKS = 2;
const MORE_BLOCKS = 4;
const MOST_BLOCKS = 512;
/** After this many a page ends, full or not, so that no search takes long. */
const BLOCKS_A_PAGE = 2000;
const LAST_SEQ = 999_999_999_999_999_999n;

export interface FoundMessages {
  readonly messages: readonly PlacedMessage[];
  /** Where to look further when it stopped before the page was full; null when it was full, or all was looked at. */
  readonly resume: Place | null;
}

const newestFirst = (one: Place, other: Place): number =>
  other.createdAt.getTime() - one.createdAt.getTime() || (other.seq > one.seq ? 1 : -1);

const laterThan = (places: readonly PlacedMessage[], time: Date): readonly PlacedMessage[] =>
  places.filter(({ createdAt }) => createdAt > time);

/** A page that goes on where it began would never end. */
const isWithin = ({ before }: PageOptions, time: Date): boolean => time < (before?.createdAt ?? FIRST_BLOCK.toAt);

const endOf = (time: Date): Place => ({ createdAt: time, seq: LAST_SEQ });

/**
 * Finds messages by the words in their texts, newest first. Blocks are read from the one with the latest text on, until
 * none that is left can hold anything later than what was found.
 */
@Injectable()
export class MessageSearch {
  constructor(private readonly texts: MessageSearchRepository) {}

  async find(
    sessionIds: readonly string[] | undefined,
    filters: MessageFilters,
    page: PageOptions,
  ): Promise<FoundMessages> {
    if (sessionIds?.length === 0) return { messages: [], resume: null };
    let found: readonly PlacedMessage[] = [];
    let after = FIRST_BLOCK;
    let read = 0;
    for (let blocks = FIRST_BLOCKS; ; blocks = Math.min(MOST_BLOCKS, blocks * MORE_BLOCKS)) {
      const next = await this.texts.find(sessionIds, filters, page, { after, blocks });
      found = [...found, ...next.messages].sort(newestFirst);
      if (next.last === null || next.blocks < blocks) return { messages: found.slice(0, page.limit), resume: null };
      after = next.last;
      read += next.blocks;
      const sure = laterThan(found, after.toAt);
      if (sure.length >= page.limit) return { messages: sure.slice(0, page.limit), resume: null };
      if (read >= BLOCKS_A_PAGE && isWithin(page, after.toAt)) return { messages: sure, resume: endOf(after.toAt) };
    }
  }
}
