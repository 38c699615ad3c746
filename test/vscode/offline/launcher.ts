#!/usr/bin/env node
// Stands in for the executable of a desktop VS Code: takes the command line that @vscode/test-electron gives it, and runs
// the same test in a real (remote) extension host with the real workbench in a headless Chromium. Exit status: the run's.
import fs from 'node:fs';
import { openBrowser, remoteUri, workbenchUrl, type Window } from './browser.ts';
import { setUpCodeServer } from './setup.ts';
import { startServer, type Server } from './server.ts';
import { onSignal } from './signals.ts';

interface Ending {
  readonly code: number;
  readonly why?: string;
}

/** Written by the tests at their very end: an extension host that dies half-way is reported as success otherwise. */
const proof = process.env.MESOS_AIRFLOW_TEST_RESULT;
const limitMs = Number(process.env.MESOS_AIRFLOW_TEST_LIMIT_MS ?? 600_000);
const verbose = process.env.MESOS_AIRFLOW_TEST_VERBOSE === '1';

const options = new Map<string, string[]>();
const folders: string[] = [];
for (const argument of process.argv.slice(2)) {
  const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
  if (match?.[1]) options.set(match[1], [...(options.get(match[1]) ?? []), match[2] ?? '']);
  else folders.push(argument);
}

let server: Server | undefined;
let window: Window | undefined;
let end: (ending: Ending) => void = () => undefined;
const ended = new Promise<Ending>((resolve) => (end = resolve));
onSignal(({ name, code }) => end({ code, why: name }));
const timer = setTimeout(() => end({ code: 124, why: `no end within ${limitMs} ms` }), limitMs);

const said: string[] = [];
let ending: Ending;
try {
  ending = await Promise.race([ended, run()]);
  if (ending.code === 0 && proof && !fs.existsSync(proof)) {
    ending = { code: 96, why: 'the extension host went away before the tests had finished' };
  }
  if (ending.why) {
    process.stderr.write(`${said.slice(-15).join('\n')}\n${server?.printed().slice(-2000) ?? ''}\n`);
    process.stderr.write(`The editor's test run was ended: ${ending.why}\n`);
  }
} finally {
  clearTimeout(timer);
  await window?.browser.close();
  await server?.stop();
}
process.exit(ending.code);

async function run(): Promise<Ending> {
  // In the browser only one can be developed: the others are installed.
  const [developed = '', ...others] = options.get('extensionDevelopmentPath') ?? [];
  server = await startServer({ vscode: setUpCodeServer(), smokeTestDriver: true, others });
  server.child.once('exit', (code) => end({ code: 99, why: `the server ended with ${code ?? 'a signal'}` }));
  window = await openBrowser();
  const { page } = window;
  page.on('crash', () => end({ code: 97, why: 'the page crashed' }));
  page.on('close', () => end({ code: 98, why: 'the page was closed' }));
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(firstLine(message.text()));
  });
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    const line = args.map(String).join(' ');
    said.push(firstLine(line));
    if (verbose) process.stderr.write(`${line}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => end({ code }));
  const payload: [string, string][] = [['logLevel', 'info']];
  const tests = options.get('extensionTestsPath') ?? [];
  payload.push(['extensionDevelopmentPath', remoteUri(server, developed)]);
  for (const file of tests) payload.push(['extensionTestsPath', remoteUri(server, file)]);
  await page.goto(workbenchUrl(server, folders[0], payload), { waitUntil: 'commit' });
  return ended;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
