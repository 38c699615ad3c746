// `npm run bench`: all benchmarks, each result written to bench/results/<name>.json.
// `npm run bench -- NAME --json`: one, its result as the last line of the output and nothing written.
// A benchmark is test/bench/<name>.ts with `run(): Promise<{name, value, unit, ratio, ratios, runs, …}>`.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { developmentNode, root, withNodeFirst } from './node.mjs';
import { ensureReady } from './setup.mjs';

await ensureReady();
const node = developmentNode();
if (node !== process.execPath) {
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit', env: withNodeFirst(node) });
  process.exit(status ?? 1);
}

const known = readdirSync(path.join(root, 'test/bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
for (const name of wanted) {
  if (!known.includes(name)) {
    console.error(`There is no benchmark ${name}; there are: ${known.join(', ')}`);
    process.exit(2);
  }
}

/** How far the scheduler puts it before (negative) or behind what else runs; on Linux by its session, where that counts. */
function nice() {
  try {
    return Number(/nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8'))?.[1] ?? os.getPriority());
  } catch {
    return os.getPriority();
  }
}

for (const name of wanted.length > 0 ? wanted : known) {
  const load = os.loadavg()[0];
  const { run } = await import(new URL(`../test/bench/${name}.ts`, import.meta.url).href);
  const machine = { load, nice: nice(), cores: os.availableParallelism(), node: process.versions.node };
  const result = { ...(await run()), ...machine };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
  } else {
    const folder = path.join(root, 'bench/results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
    console.log(
      `${name}: ${result.value} ${result.unit}${result.ratio === null ? '' : `, ${result.ratio} × the peer`}`,
    );
  }
}
