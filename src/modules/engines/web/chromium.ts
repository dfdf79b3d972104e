import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { ChromiumConfig } from '../../../config/config.slices.js';
import type { EngineAvailability } from '../engine.port.js';
import type { NetworkRoute } from './network-route.js';

const HEADLESS_SHELLS = [
  // The second is a script of Debian that does not become its browser: signals would stop at it.
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chrome-headless-shell',
];

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const subdirectories = (directory: string): string[] => {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
};

/** What `npx puppeteer browsers install` has left, the newest first. */
const puppeteerBrowsers = (name: string): string[] =>
  subdirectories(join(homedir(), '.cache/puppeteer', name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap(subdirectories)
    .map((directory) => join(directory, name));

/** The browser that would be started, or null: the headless shell first, it needs less than half of the memory. */
export const findChromium = (config: ChromiumConfig): string | null => {
  if (config.executablePath !== undefined) return existsSync(config.executablePath) ? config.executablePath : null;
  const cached = [...puppeteerBrowsers('chrome-headless-shell'), ...puppeteerBrowsers('chrome')];
  return [...HEADLESS_SHELLS, ...BROWSERS, ...cached].find((path) => existsSync(path)) ?? null;
};

const isRoot = (): boolean => process.getuid?.() === 0;

export const checkChromium = (config: ChromiumConfig): EngineAvailability => {
  if (findChromium(config) === null) {
    const reason =
      config.executablePath === undefined
        ? 'No Chromium was found: install chromium-headless-shell or chromium, or name one in PUPPETEER_EXECUTABLE_PATH.'
        : `There is no Chromium at ${config.executablePath}, which PUPPETEER_EXECUTABLE_PATH names.`;
    return { available: false, reason };
  }
  if (isRoot() && config.useSandbox) {
    const reason =
      "Chromium's sandbox does not work for root: run Waypost as another user, or set CHROMIUM_SANDBOX=false in a container.";
    return { available: false, reason };
  }
  return { available: true };
};

/** What the browser finds its files, fonts, language and time by; the rest of our environment is full of secrets. */
const ENVIRONMENT =
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|FONTCONFIG_[A-Z]+|LD_LIBRARY_PATH|CHROME_DEVEL_SANDBOX)$/;

const environment = (): Record<string, string | undefined> =>
  // eslint-disable-next-line no-restricted-properties -- handed on, not read
  Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name)));

/**
 * What saves memory and takes nothing from the page or from its isolation, each measured by itself (ADR 0103): no
 * software GPU, no second process for a site, no hidden windows for an address bar that a headless browser never shows.
 */
const FRUGAL = [
  '--disable-software-rasterizer',
  '--renderer-process-limit=1',
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
];

/** How the browser is started for one session. */
export const launchOptions = (
  config: ChromiumConfig,
  executablePath: string,
  route: NetworkRoute,
  signal: AbortSignal,
): object => ({
  executablePath,
  env: environment(),
  headless: /headless[-_]shell/.test(executablePath) ? ('shell' as const) : true,
  defaultViewport: null,
  // Over a pipe the browser ends when this process does, however it ends; and no port is open for others to drive it.
  pipe: true,
  // The drain closes the browsers in its own order; puppeteer would close them in the middle of it.
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
  signal,
  args: [
    ...(config.useSandbox ? [] : ['--no-sandbox', '--disable-setuid-sandbox']),
    ...FRUGAL,
    '--no-default-browser-check',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--no-pings',
    ...route.args,
    ...config.extraArgs,
  ],
});
