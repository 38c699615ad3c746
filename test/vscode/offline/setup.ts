// The VS Code server that the npm package code-server carries, installed once into the tests' cache. Run as a program, it
// does just that and prints where: `node test/vscode/offline/setup.ts`.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.ts';

/** VS Code 1.139.1, which needs Node 24. */
const codeServer = '4.139.1';
const nodeMajor = 24;
/** Large, and needed neither by the server nor by an extension host in a test. */
const leftOut = ['@github/copilot-sdk', '@microsoft/mxc-sdk'];

export interface CodeServer {
  readonly node: string;
  /** VS Code's own server, without code-server's layer around it. */
  readonly main: string;
}

/** Installs the server if it isn't in the cache. It is made beside its place and renamed into it: whole, or not there. */
export function setUpCodeServer(say: (line: string) => void = () => undefined): CodeServer {
  if (Number(process.versions.node.split('.')[0]) !== nodeMajor) {
    throw new Error(`code-server ${codeServer} needs Node ${nodeMajor}; this is ${process.versions.node}`);
  }
  const inputs = [
    codeServer,
    process.platform,
    process.arch,
    process.versions.modules,
    fs.readFileSync(fileURLToPath(import.meta.url), 'utf8'),
  ];
  const folder = cacheFolder(`code-server-${codeServer}`, inputs);
  const main = path.join(vscodeIn(folder), 'out', 'server-main.js');
  if (fs.existsSync(main)) return { node: process.execPath, main };

  say(`Installing code-server ${codeServer} into ${folder} (180 MB, once; about a minute) …`);
  const temporary = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    install(temporary);
    fs.renameSync(temporary, folder);
  } catch (error) {
    // Another run may have put it there meanwhile.
    if (!fs.existsSync(main)) throw error;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  return { node: process.execPath, main };
}

function vscodeIn(folder: string): string {
  return path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

function install(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  npm(folder, ['install', '--ignore-scripts', ...quiet, `code-server@${codeServer}`]);

  const vscode = vscodeIn(folder);
  const manifest = path.join(vscode, 'package.json');
  const { dependencies, ...rest } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const needed = Object.entries(dependencies).filter(([name]) => !leftOut.includes(name));
  fs.writeFileSync(manifest, JSON.stringify({ ...rest, dependencies: Object.fromEntries(needed) }, null, 2));
  // Its shrinkwrap pins the versions; `npm ci` refuses it.
  npm(vscode, ['install', '--omit=dev', '--ignore-scripts', ...quiet]);
  // Without a native spdlog the output channels stay empty, and nothing says so; the watchdog quietens a log line.
  npm(vscode, [
    'rebuild',
    '--ignore-scripts=false',
    '--loglevel=error',
    '@vscode/spdlog',
    '@vscode/native-watchdog',
  ]);
  const spdlog = path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node');
  if (!fs.existsSync(spdlog)) throw new Error(`${spdlog} was not built`);
}

function npm(cwd: string, args: readonly string[]): void {
  const bin = path.dirname(process.execPath);
  const headers = path.dirname(bin);
  const { status, error } = spawnSync('npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
      JOBS: '2',
      // The headers of this very Node, where they lie beside it: else node-gyp fetches them.
      ...(fs.existsSync(path.join(headers, 'include', 'node', 'node.h'))
        ? { npm_config_nodedir: headers }
        : {}),
    },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status ?? 'a signal'} in ${cwd}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${setUpCodeServer((line) => process.stderr.write(`${line}\n`)).main}\n`);
}
