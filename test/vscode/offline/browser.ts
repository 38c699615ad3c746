import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Server } from './server.ts';

export interface Window {
  readonly browser: Browser;
  readonly page: Page;
}

/** A headless Chromium (Debian's, or `$CHROMIUM`) that reaches nothing beyond loopback. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<Window> {
  const browser = await chromium.launch({
    // Left to whoever has more than a browser to end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      // Names fail at once instead of hanging.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE *.localhost',
    ],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    return { browser, page: await context.newPage() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** A file of this machine as the workbench names it. */
export function remoteUri(server: Server, file: string): string {
  return `vscode-remote://${server.authority}${encodeURI(path.resolve(file))}`;
}

/** The address of a workbench on a folder (or a .code-workspace file, or nothing). */
export function workbenchUrl(
  server: Server,
  folder: string | undefined,
  payload: readonly (readonly [string, string])[] = [],
): string {
  const url = new URL(`http://${server.authority}/`);
  if (folder === undefined) url.searchParams.set('ew', 'true');
  else
    url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
  const quiet = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  url.searchParams.set('payload', JSON.stringify([...quiet, ...payload]));
  return url.href;
}
