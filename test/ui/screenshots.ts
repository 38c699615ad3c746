import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { themed } from './workbench.ts';

const out = path.resolve(fileURLToPath(new URL('../../out/workbench', import.meta.url)));

/** Where pictures of windows go whose test failed. */
export const failures = path.join(out, 'failed');

const themes = [
  { name: 'dark', workbench: 'vs-dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'high-contrast', workbench: 'hc-black', media: { colorScheme: 'dark', forcedColors: 'active' } },
  // The last, which a window has between pictures too.
  { name: 'light', workbench: 'vs', media: { colorScheme: 'light', forcedColors: 'none' } },
] as const;

/** Pictures of a former run are no output of this one. */
export function forgetScreenshots(): void {
  fs.rmSync(out, { recursive: true, force: true });
}

/** The window in light, dark and high contrast: out/workbench/screenshots/<theme>/<name>.png. */
export async function screenshots(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia(theme.media);
    await themed(page, theme.workbench);
    const file = path.join(out, 'screenshots', theme.name, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
  }
}
