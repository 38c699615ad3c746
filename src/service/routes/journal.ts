import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { journalBytes } from '../../journal/segments.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import { wholeNumber } from '../http/validate.ts';
import type { Journal } from '../journal/journal.ts';

/** What happened, as it was written down. `folder`: where. */
export function journalRoute(journal: Journal | undefined, folder: string): Route {
  return {
    method: 'GET',
    path: '/v1/journal',
    access: 'admin',
    handle: async (call) => {
      const most = Number.MAX_SAFE_INTEGER;
      const since = wholeNumber(call.query, 'since', { least: 0, most, otherwise: 0 });
      if (!journal) {
        throw new HttpProblem(409, {
          error: 'This cluster keeps no journal',
          why: 'its cluster.json says journal.megabytes is 0',
          next: 'Take that out, and bring the cluster down and up again: what happens from then on is kept.',
        });
      }
      await journal.flush();
      return { kind: 'stream', open: (response) => void send(response, journalBytes(folder, since)) };
    },
  };
}

async function send(response: ServerResponse, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/gzip' });
  try {
    for await (const piece of bytes) {
      if (response.destroyed) return;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  } catch {
    // The reader sees a broken answer, not a journal that seems whole.
    response.destroy();
  }
}
