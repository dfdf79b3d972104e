import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { AppModule } from './app.module.js';
import { parseEnv } from './config/env.js';
import { toPublicDocument } from './platform/http/openapi/public-document.js';

/** Nothing listens there, and nothing is asked: the document is made of the routes alone. */
const NO_DATABASE = 'postgresql://nobody@127.0.0.1:1/none';

const TAGS = {
  setup: 'The first administrator.',
  auth: 'Signing in and out.',
  users: 'The people of this installation.',
  'api-keys': 'Ways in for programs.',
  sessions: 'Linked numbers and their life.',
  webhook: 'Where Meta tells what happens to the numbers of its Cloud API.',
  whatsapp: 'The session `default`, for administrators and internal services.',
  messages: 'Sending messages, and what became of them.',
  batches: 'Bulk sending.',
  media: 'Files for messages.',
  templates: 'Texts with places that are filled when they are sent.',
  'opt-outs': 'People who want no messages.',
  sandbox: 'Steers sandbox sessions as a phone and a contact would.',
  events: 'What happens, as it happens.',
  usage: 'How many messages there were on each day.',
  audit: 'Who did what, and the proof that nothing was changed afterwards.',
  notifications: 'What the server tells its people.',
  monitoring: 'Health and metrics.',
  'api-reference': 'This document.',
} as const;

const builder = (): DocumentBuilder => {
  const document = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Waypost')
    .setDescription(
      'A self-hosted WhatsApp gateway. Enumerations may grow and members may be added: ignore what is new.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The access token of a sign-in, or an API key.' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' }, 'apiKey');
  for (const [name, description] of Object.entries(TAGS)) document.addTag(name, description);
  return document;
};

/** The OpenAPI document of this build. Made of compiled code: only the compiler sees types and comments. */
export const describeApi = async (): Promise<OpenAPIObject> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waypost-openapi-'));
  try {
    const env = parseEnv({ NODE_ENV: 'test', DATA_DIR: dataDir });
    const module = AppModule.with({ env, database: { url: NO_DATABASE, ownerUrl: NO_DATABASE } });
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes literals.
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    return toPublicDocument(SwaggerModule.createDocument(app, builder().build()));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};
