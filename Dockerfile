# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:24-bookworm-slim

# ---- what must be compiled
FROM ${NODE_IMAGE} AS build
WORKDIR /build
# Before the sources, so that a change of them does not install everything again.
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The same steps as `npm start` on a bare clone; then only what runs is kept. With its development dependencies named,
# npm would keep Prisma's CLI and the compiler as optional peers (244 MB). The image brings its own Node.js.
RUN node scripts/prepare.mjs \
  && npm pkg delete devDependencies \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.cache

# ---- what runs
FROM ${NODE_IMAGE} AS runtime
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates chromium-headless-shell tini \
  && rm -rf /var/lib/apt/lists/*

ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3030 \
  DATA_DIR=/data \
  PUPPETEER_EXECUTABLE_PATH=/usr/lib/chromium/chromium-headless-shell

WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/prisma ./prisma
COPY --from=build /build/console ./console
COPY --from=build /build/docs/openapi.json ./docs/openapi.json
COPY --from=build /build/scripts ./scripts
COPY --from=build /build/console ./console
COPY --from=build /build/dist ./dist

# The code belongs to root and cannot be changed by the process that runs it. A new volume takes over who owns /data.
RUN install -d -o node -g node -m 0700 /data /data/.wwebjs_auth
USER node
VOLUME ["/data", "/data/.wwebjs_auth"]
EXPOSE 3030

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# tini reaps what Chromium leaves behind and hands SIGTERM on; the server drains on it.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
