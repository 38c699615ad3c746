import fs from 'node:fs';

const root = new URL('../../', import.meta.url);

/** package.json as an English editor reads it: with the texts of package.nls.json. */
export function readManifest(): unknown {
  const texts = readTexts();
  return JSON.parse(text('package.json'), (_key, value: unknown) => {
    const key = typeof value === 'string' ? /^%(.+)%$/.exec(value)?.[1] : undefined;
    if (key === undefined) return value;
    const said = texts[key];
    if (said === undefined) throw new Error(`package.nls.json has no ${key}`);
    return said;
  });
}

/** package.json as it stands. */
export function rawManifest(): unknown {
  return JSON.parse(text('package.json'));
}

export function readTexts(): Record<string, string> {
  return JSON.parse(text('package.nls.json')) as Record<string, string>;
}

function text(name: string): string {
  return fs.readFileSync(new URL(name, root), 'utf8');
}
