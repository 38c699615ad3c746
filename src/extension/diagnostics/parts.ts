import fs from 'node:fs';
import path from 'node:path';
import type { KnownCluster } from '../../client/discover.ts';
import type { App } from '../app.ts';

/** The parts whose logs can be had: those of the running cluster, else those that left a log. */
export function partsOf({ model }: App, cluster: KnownCluster | undefined): string[] {
  const running = model.picture.state?.cluster.parts.map(({ name }) => name) ?? [];
  const { logs } = model.folder;
  const kept = fs.existsSync(logs) ? fs.readdirSync(logs).filter((file) => file.endsWith('.log')) : [];
  const named =
    cluster?.spec?.engine === 'docker' ? ['service', ...cluster.spec.parts.map(({ name }) => name)] : [];
  const all = [...running, ...named, ...kept.map((file) => path.basename(file, '.log'))];
  return cluster ? [...new Set(all)].sort() : [];
}
