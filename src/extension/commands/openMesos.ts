import type { Run } from '../app.ts';
import { openInBrowser } from '../external.ts';
import { connected } from './connected.ts';

/** Opens the Mesos master in the browser. */
export const openMesos: Run = async (app) => {
  const client = connected(app);
  if (!client) return;
  const { master } = await client.cluster();
  await openInBrowser(master.url);
};
