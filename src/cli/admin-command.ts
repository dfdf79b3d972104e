import { isEmail } from 'class-validator';

export const USAGE = `Usage: npm run admin -- create EMAIL
       npm run admin -- reset-password EMAIL

  create          makes an administrator
  reset-password  gives a person a new password, ends their sign-ins, and lets them in again when they were disabled

The password (12 to 1024 characters) is read from standard input when something is piped in; else one is made, and
printed once.
`;

const VERBS = ['create', 'reset-password'] as const;
const MIN_PASSWORD = 12;
const MAX_PASSWORD = 1024;
const MAX_EMAIL = 254;

export interface AdminCommand {
  readonly verb: (typeof VERBS)[number];
  readonly email: string;
}

/** Null when the words are no command. */
export const parseAdminCommand = (words: readonly string[]): AdminCommand | null => {
  const [given, email, ...rest] = words;
  const verb = VERBS.find((known) => known === given);
  if (verb === undefined || email === undefined || rest.length > 0) return null;
  return isEmail(email) && email.length <= MAX_EMAIL ? { verb, email } : null;
};

/** The first line of what was piped in; undefined when nothing was, and null when it is no password. */
export const passwordFrom = (input: string): string | null | undefined => {
  const [line = ''] = input.split(/\r?\n/, 1);
  if (line === '') return undefined;
  const isFit = line.length >= MIN_PASSWORD && line.length <= MAX_PASSWORD && !line.includes('\0');
  return isFit && line.isWellFormed() ? line : null;
};
