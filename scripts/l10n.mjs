// `npm run l10n`: collects the sentences of src/extension into l10n/bundle.l10n.json, from which translations are made.
// `--check` (part of `npm run lint`) writes nothing, and says what is stale, missing in a translation, or broken there.
import { getL10nJson } from '@vscode/l10n-dev';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './node.mjs';

const check = process.argv.includes('--check');
const folder = path.join(root, 'l10n');
const bundle = path.join(folder, 'bundle.l10n.json');
const sources = path.join(root, 'src/extension');
const problems = [];

const contents = readdirSync(sources, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => ({ contents: readFileSync(path.join(sources, name), 'utf8'), extension: '.ts' }));
const found = await getL10nJson(contents);
const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = await format(JSON.stringify(sorted), { ...(await resolveConfig(bundle)), parser: 'json' });

if (!check) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(bundle, text);
} else if (!existsSync(bundle) || readFileSync(bundle, 'utf8') !== text) {
  problems.push('l10n/bundle.l10n.json is not what the code says: npm run l10n');
}
compare(folder, 'bundle.l10n', sorted);
const manifest = path.join(root, 'package.nls.json');
if (existsSync(manifest)) compare(root, 'package.nls', JSON.parse(readFileSync(manifest, 'utf8')));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
if (problems.length === 0) console.log(`${Object.keys(sorted).length} sentences`);

/** Each translation beside the original must have all of its sentences, with the same places for values and links. */
function compare(where, name, original) {
  for (const file of readdirSync(where)) {
    if (!file.startsWith(`${name}.`) || !file.endsWith('.json') || file === `${name}.json`) continue;
    const translated = JSON.parse(readFileSync(path.join(where, file), 'utf8'));
    for (const [key, message] of Object.entries(original)) {
      const said = translated[key];
      if (said === undefined) problems.push(`${file} lacks: ${key}`);
      else if (places(messageOf(said)) !== places(messageOf(message))) {
        problems.push(`${file} has other placeholders, links or settings than the original: ${key}`);
      }
    }
    for (const key of Object.keys(translated)) {
      if (!(key in original)) problems.push(`${file} has what nobody says any more: ${key}`);
    }
  }
}

function messageOf(message) {
  return typeof message === 'string' ? message : message.message;
}

/** What must survive a translation: {0}, links' targets, code. */
function places(message) {
  return [...message.matchAll(/\{\w+\}|\]\([^)]*\)|`[^`]*`|\$\([a-z~-]+\)/g)]
    .map(([place]) => place)
    .sort()
    .join(' ');
}
