import { megabytes } from '../output/amounts.ts';
import { isEmpty, type PurgePlan } from '../purge.ts';

/** What a purge removes and what stays, for a person. */
export function purgeLines(plan: PurgePlan): string[] {
  const { clusters, caches, images, stays } = plan;
  if (isEmpty(plan)) return ['There is nothing to remove.', ...stays];
  return [
    'To remove all data is to end and to remove',
    ...clusters.flatMap(({ name, engine, state, goes }) => [
      `  the cluster ${name} (${engine}, ${state}):`,
      ...goes.map((line) => `    ${line}`),
    ]),
    ...caches.map(({ path, what, bytes }) => `  ${path} (${size(bytes)}): ${what}`),
    ...images.map(({ name, bytes }) => `  the image ${name} (${size(bytes)})`),
    'What stays:',
    ...stays.map((line) => `  ${line}`),
  ];
}

function size(bytes: number): string {
  return megabytes(Math.ceil(bytes / 2 ** 20));
}
