import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { themed } from './workbench.ts';

const out = path.resolve(fileURLToPath(new URL('../../out/workbench', import.meta.url)));

const themes = [
  { name: 'dark', workbench: 'vs-dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'high-contrast', workbench: 'hc-black', media: { colorScheme: 'dark', forcedColors: 'active' } },
  // The last, which a window has between pictures too.
  { name: 'light', workbench: 'vs', media: { colorScheme: 'light', forcedColors: 'none' } },
] as const;

let begun = false;

/** A folder below out/workbench. Pictures of a former run are no output of this one. */
function outputFolder(name: string): string {
  if (!begun) fs.rmSync(out, { recursive: true, force: true });
  begun = true;
  return path.join(out, name);
}

/** The window in light, dark and high contrast: out/workbench/screenshots/<theme>/<name>.png. */
export async function screenshots(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia(theme.media);
    await themed(page, theme.workbench);
    const file = path.join(outputFolder('screenshots'), theme.name, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
  }
}

/** What all windows of an editor show where a test fails, for whoever looks for why: out/workbench/failed/. */
export async function photograph(pages: readonly Page[], test: string): Promise<void> {
  for (const [index, page] of pages.entries()) {
    const file = path.join(outputFolder('failed'), `${test}-${index + 1}.png`);
    await page.screenshot({ path: file });
  }
}
