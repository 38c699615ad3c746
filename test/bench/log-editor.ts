import { createVSIX } from '@vscode/vsce';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { logStreamType, type LogHeader } from '../../src/api/logs.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { usageOf } from '../support/usage.ts';
import { Editor } from '../ui/editor.ts';
import { fakeCluster } from '../ui/fakeCluster.ts';
import { packaged } from '../ui/packaged.ts';
import { runCommand } from '../ui/workbench.ts';
import { clusterState, clusterView, running } from '../vscode/support/views.ts';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const rate = 5_000_000;
/** What the extension in the editor tells is of 5 s each; the first two, in which the window begins, are left out. */
const tellings = Number(process.env.LOG_EDITOR_TELLINGS ?? 10);
const told = z.object({
  ages: z.array(z.number()),
  changes: z.number(),
  seconds: z.number(),
  cpu: z.number(),
  lines: z.number(),
  atEnd: z.boolean(),
});
const heapUsage = z.object({ usedSize: z.number(), backingStorageSize: z.optional(z.number()) });

/**
 * A log that grows by 5 MB a second, followed in the real workbench by the packaged extension. Value: how old the newest line
 * in the document is, looked at 20 times a second, in milliseconds at the 95th percentile; goal 1000. `core_percent`: of the
 * extension host, goal 30. `page_mb`: by how much the page's heap grew, with its buffers and without garbage: the editor keeps
 * what went from a document, to undo it. The log is written by this process, as a service
 * sends it (test/bench/log-follow.ts measures the service itself).
 */
export async function run(): Promise<object> {
  const folder = await temporaryFolder('bench-log-editor');
  const [file, go] = ['told.jsonl', 'go'].map((name) => path.join(folder.path, name));
  if (file === undefined || go === undefined) throw new Error('two files have names');
  const vsix = path.join(folder.path, 'logwatch.vsix');
  await createVSIX({
    cwd: path.join(root, 'test', 'ui', 'logwatch'),
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  const editor = await Editor.start({
    vsix: [packaged(), vsix],
    workspaceTrust: false,
    env: { LOG_WATCH_FILE: file, LOG_WATCH_TASK: 'fast', LOG_WATCH_GO: go },
  });
  const state = clusterState({ cluster: clusterView({ name: 'fast-log' }) });
  const service = await fakeCluster(editor.home, 'fast-log', state);
  const log = new FastLog();
  service.logStreams.answer = (request, response) => log.answer(request, response);
  try {
    service.tell({ type: 'task', task: running('fast', { key: { task_id: 'fast' } }) });
    const page = await editor.open(editor.workspace('weather', { 'mesosAirflow.cluster': 'fast-log' }));
    await runCommand(page, 'Focus on Task Runs View').catch(() => undefined);
    fs.writeFileSync(go, '');
    await until(() => linesOf(file).length > 1, { what: 'the first looks', limitMs: 120_000 });
    const renderer = await rendererOf(page);
    const heapOf = await heapLook(page);
    const heapBefore = await heapOf();
    const begin = await usageOf(renderer);
    const sentBefore = log.sent;
    const from = performance.now();
    await until(() => linesOf(file).length >= tellings, { what: 'the looks', limitMs: 10_000 * tellings });
    const seconds = (performance.now() - from) / 1000;
    const end = await usageOf(renderer);
    const heapAfter = await heapOf();
    const looks = linesOf(file)
      .slice(2)
      .map((line) => told.parse(JSON.parse(line)));
    const ages = looks.flatMap((look) => look.ages).sort((one, other) => one - other);
    const part = (share: number): number => Math.round(ages[Math.floor(ages.length * share)] ?? NaN);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      ...{ name: 'log-editor', value: part(0.95), unit: 'ms', ratio: null, ratios: [], goal: 1000 },
      runs: looks.map((look) => Math.round(mean(look.ages))),
      median_ms: part(0.5),
      core_percent: Math.round(mean(looks.map(({ cpu }) => cpu)) * 100),
      core_percent_goal: 30,
      page_core_percent: Math.round(((end.cpuSeconds - begin.cpuSeconds) / seconds) * 100),
      page_mb: Math.round(heapAfter - heapBefore),
      page_mb_before: Math.round(heapBefore),
      seconds: Math.round(seconds),
      written_mb_per_s: Math.round((log.sent - sentBefore) / seconds / 1e5) / 10,
      changes_per_s: Math.round(mean(looks.map(({ changes, seconds: s }) => changes / s)) * 10) / 10,
      lines: looks.at(-1)?.lines,
      looks_at_end: `${looks.filter(({ atEnd }) => atEnd).length} of ${looks.length}`,
    };
  } finally {
    log.stop();
    await service.stop();
    await editor.end();
    await folder.remove();
  }
}

/** A log that grows steadily, for who follows it. */
class FastLog {
  sent = 0;
  #timer: NodeJS.Timeout | undefined;

  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.endsWith('/log/stream')) return false;
    response.writeHead(200, { 'Content-Type': logStreamType });
    if (url.searchParams.get('file') === 'stderr') return true;
    const began = performance.now();
    const first = this.sent;
    let line = 0;
    this.stop();
    this.#timer = setInterval(() => {
      const missing = (performance.now() - began) * (rate / 1000) - (this.sent - first);
      const at = Date.now();
      const lines: string[] = [];
      for (let bytes = 0; bytes < missing; bytes += 128) {
        const text = `${new Date(at).toISOString()} INFO     task line ${(line += 1)} `;
        lines.push(`${text.padEnd(127 - 15, 'x')} @${at}\n`);
      }
      const data = Buffer.from(lines.join(''));
      const size = this.sent + data.length;
      record(response, { type: 'data', offset: this.sent, size }, data);
      this.sent = size;
    }, 50);
    response.once('close', () => this.stop());
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function record(response: ServerResponse, header: LogHeader, data: Buffer): void {
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  response.write(Buffer.concat([Buffer.from(`${line.length + data.length}\n`), line, data]));
}

/** The whole lines of a file that is being written. */
function linesOf(file: string): string[] {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

type Page = Awaited<ReturnType<Editor['open']>>;

/** Looks at the megabytes that a page's heap has, with its buffers, once garbage is collected. */
async function heapLook(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const usage: unknown = await session.send('Runtime.getHeapUsage');
    const { usedSize, backingStorageSize = 0 } = heapUsage.parse(usage);
    return (usedSize + backingStorageSize) / 1024 / 1024;
  };
}

/** The process in which the page is drawn: of all renderers that which has most. */
async function rendererOf(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has a browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const found = processInfo.filter(({ type }) => type === 'renderer');
  const usages = await Promise.all(found.map(async ({ id }) => ({ id, ...(await usageOf(id)) })));
  const [largest] = usages.sort((one, other) => other.megabytes - one.megabytes);
  if (!largest) throw new Error('there is no renderer');
  return largest.id;
}
