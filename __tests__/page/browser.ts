import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The browser of this machine; we never download one. */
export const executable = PLACES.find((path) => existsSync(path));

/** As root there is no sandbox to be had, and nothing may call home while a test runs. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

/** A page as a reader has it open, with everything it asked for and complained about. */
export interface Opened {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

export interface Reader {
  readonly open: (markup: string, options?: BrowserContextOptions) => Promise<Opened>;
  readonly close: () => Promise<void>;
}

const watched = (page: Page): Pick<Opened, 'requests' | 'complaints'> => {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { requests, complaints };
};

/** A real browser with a profile of its own, gone with `close`. */
export const startReader = async (): Promise<Reader> => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const browser: Browser = await chromium.launch({ executablePath: executable ?? '', args: QUIET });
  let count = 0;
  return {
    open: async (markup, options = {}) => {
      const file = join(folder, `${(count += 1)}.html`);
      writeFileSync(file, markup);
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const seen = watched(page);
      await page.goto(pathToFileURL(file).href);
      return { page, ...seen };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  };
};

/** Opens everything that is folded. */
export const unfold = async (page: Page): Promise<void> => {
  await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
};
