import { text } from 'node:stream/consumers';

import type { INestApplicationContext } from '@nestjs/common';

import { parseEnv } from '../config/env.js';
import { UserRescue } from '../modules/identity/index.js';
import { type AdminCommand, parseAdminCommand, passwordFrom, USAGE } from './admin-command.js';
import { withApplication } from './database.js';

const EXIT_USAGE = 2;

const rescue = async (app: INestApplicationContext, { verb, email }: AdminCommand): Promise<string> => {
  const password = process.stdin.isTTY ? undefined : passwordFrom(await text(process.stdin));
  if (password === null) throw new Error('The password must have 12 to 1024 characters.');
  const people = app.get(UserRescue, { strict: false });
  const command = { email, password };
  const done = verb === 'create' ? await people.createAdministrator(command) : await people.resetPassword(command);
  const what = verb === 'create' ? `${email} is an administrator now.` : `${email} has a new password.`;
  return done.generatedPassword === undefined ? what : `${what}\nPassword: ${done.generatedPassword}`;
};

const main = async (): Promise<number> => {
  const command = parseAdminCommand(process.argv.slice(2));
  if (command === null) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  const answer = await withApplication(parseEnv(process.env), (app) => rescue(app, command));
  process.stdout.write(`${answer}\n`);
  return 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
