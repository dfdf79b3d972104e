import { defineConfig } from 'prisma/config';

// eslint-disable-next-line no-restricted-syntax -- Prisma reads the default export of this file.
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
