/** A page of the message log through HTTP, at ten thousand rows and at ten million. */
import autocannon from 'autocannon';
import pg from 'pg';

import { fillLog } from './rows.mjs';
import { databaseUrl, Waypost, withDataDir } from './waypost.mjs';

const SMALL = 10_000;
const LARGE = Number(process.env.BENCH_ROWS ?? 10_000_000);
const CONNECTIONS = 8;
const SECONDS = 4;

const PAGES = {
  'the newest': '',
  'of one session': '&sessionId=default',
  'that failed': '&status=FAILED',
  'from one contact': '&from=%2B12025550021',
  'to one contact': '&to=%2B12025560011',
  'of one kind': '&type=image&direction=OUTBOUND',
};

const pagesPerSecond = async (waypost, url) => {
  const result = await autocannon({
    url: waypost.url + url,
    ...{ headers: waypost.headers, connections: CONNECTIONS, duration: SECONDS },
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refusals`);
  return result.requests.average;
};

/** Pages a second of each kind; of the newest also one that lies in the middle of what the small log holds. */
const measurePages = async (waypost) => {
  const figures = {};
  for (const [name, filter] of Object.entries(PAGES)) {
    const url = `/v1/messages?limit=50${filter}`;
    const page = await waypost.call('GET', url);
    if (page.data.length !== 50) {
      throw new Error(`${name}: ${page.data.length} rows`);
    }
    figures[name] = await pagesPerSecond(waypost, url);
  }
  let cursor = null;
  for (let i = 0; i < 20; i += 1) {
    const page = await waypost.call('GET', `/v1/messages?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
    cursor = page.nextCursor;
  }
  figures['behind a cursor'] = await pagesPerSecond(waypost, `/v1/messages?limit=50&cursor=${cursor}`);
  return figures;
};

const measure = () =>
  withDataDir(async (dataDir) => {
    const waypost = await Waypost.start(dataDir);
    const client = new pg.Client({ connectionString: await databaseUrl(dataDir) });
    await client.connect();
    try {
      await fillLog(client, 1, SMALL);
      await measurePages(waypost);
      const small = await measurePages(waypost);
      const began = performance.now();
      await fillLog(client, SMALL + 1, LARGE);
      const filledSeconds = (performance.now() - began) / 1000;
      await measurePages(waypost);
      const large = await measurePages(waypost);
      return { small, large, rows: LARGE, filledSeconds };
    } finally {
      await client.end();
      await waypost.stop();
    }
  });

process.stdout.write(`${JSON.stringify(await measure())}\n`);
