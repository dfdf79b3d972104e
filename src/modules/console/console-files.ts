import { readFileSync } from 'node:fs';

import { Injectable } from '@nestjs/common';

/** `dist/modules/console` and `src/modules/console` are equally deep. */
const DIRECTORY = new URL('../../../console/', import.meta.url);

const TYPES = {
  'setup.html': 'text/html; charset=utf-8',
  'setup.css': 'text/css; charset=utf-8',
  'setup.js': 'text/javascript; charset=utf-8',
} as const satisfies Record<string, string>;

export type ConsoleFileName = keyof typeof TYPES;

export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
}

/** The files of the console: a fixed list, read once, so that no name from outside ever becomes a path. */
@Injectable()
export class ConsoleFiles {
  private readonly files = new Map<ConsoleFileName, ConsoleFile>();

  get(name: ConsoleFileName): ConsoleFile {
    const known = this.files.get(name);
    if (known) return known;
    const file = { type: TYPES[name], content: readFileSync(new URL(name, DIRECTORY)) };
    this.files.set(name, file);
    return file;
  }
}
