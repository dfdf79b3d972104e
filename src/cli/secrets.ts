import { dataDirOf } from '../config/config.slices.js';
import { type Env, parseEnv } from '../config/env.js';
import { EncryptionReport } from '../modules/encryption/index.js';
import { removeKeyFile, replaceKeyFile } from '../platform/crypto/key-files.js';
import { secretsDirectory } from '../platform/crypto/secrets.js';
import { withApplication } from './database.js';
import { describeStatus, parseSecretsCommand, type SecretsCommand, USAGE } from './secrets-command.js';

const EXIT_USAGE = 2;

const status = (env: Env): Promise<string> =>
  withApplication(env, async (app) => {
    const report = app.get(EncryptionReport, { strict: false });
    return describeStatus(await report.heldKeys(), await report.uses());
  });

const rotate = async (env: Env): Promise<string> => {
  if (env.ENCRYPTION_KEY !== undefined) {
    throw new Error(
      'The key comes from ENCRYPTION_KEY: put the new one there, the one of today into ENCRYPTION_KEYS_OLD, and restart (docs/runbook-encryption-keys.md).',
    );
  }
  const key = await replaceKeyFile(secretsDirectory(dataDirOf(env)));
  return `${key.id} seals from now on. A running server takes it over within seconds, another one when it starts.\nWatch it with: npm run secrets -- status`;
};

const retire = (env: Env, keyId: string): Promise<string> =>
  withApplication(env, async (app) => {
    const report = app.get(EncryptionReport, { strict: false });
    const current = (await report.heldKeys()).find(({ isCurrent }) => isCurrent);
    // Until then the server may still seal with the old one, and would lose what it seals.
    if (!current?.history?.completedAt) throw new Error('The server has not yet sealed everything with the new key.');
    const uses = await report.uses();
    const rows = uses.filter((use) => use.keyId === keyId).reduce((sum, use) => sum + use.rows, 0);
    if (rows > 0) throw new Error(`${String(rows)} stored secrets are still sealed with ${keyId}: it is needed.`);
    if (!(await removeKeyFile(secretsDirectory(dataDirOf(env)), keyId))) {
      throw new Error(`No old key in DATA_DIR has the id ${keyId}. One of ENCRYPTION_KEYS_OLD is removed there.`);
    }
    return `${keyId} is removed. Backups that were made before need it still: keep a copy with them.`;
  });

const run = (env: Env, command: SecretsCommand): Promise<string> => {
  if (command.verb === 'status') return status(env);
  return command.verb === 'rotate' ? rotate(env) : retire(env, command.keyId);
};

const main = async (): Promise<number> => {
  const command = parseSecretsCommand(process.argv.slice(2));
  if (command === null) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  process.stdout.write(`${await run(parseEnv(process.env), command)}\n`);
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
