import path from 'node:path';
import { DockerClusters } from '../../../src/engines/docker/engine.ts';
import { userFolders } from '../../../src/host/folders.ts';
import { baseImages } from './baseImages.ts';
import { programFromSources, testSettings } from './clusters.ts';

// `upInChild.ts <home> <cluster>`: brings a cluster up in a process that a test can kill; progress as lines of JSON.
const [home = '', name = ''] = process.argv.slice(2);
const engine = new DockerClusters({
  folders: userFolders(process.env),
  program: await programFromSources(path.join(home, 'program')),
  env: process.env,
});
await engine.up(
  { name, settings: { ...testSettings(baseImages), agents: 1 }, workspace: home },
  {
    progress: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
    signal: new AbortController().signal,
  },
);
