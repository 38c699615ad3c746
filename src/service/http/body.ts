import type { IncomingMessage } from 'node:http';
import { badRequest, HttpProblem } from './problem.ts';

export const defaultBodyLimit = 1024 * 1024;

/** Reads a request's body whole and as JSON; undefined where it is empty. Throws 413 beyond `limit` bytes, 400 for what is not JSON. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('the body is not UTF-8');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own words quote the body, which may hold a secret.
    throw badRequest('the body is not JSON');
  }
}

function tooLarge(limit: number): HttpProblem {
  return new HttpProblem(
    413,
    {
      error: 'The request is too large',
      why: `its body has more than ${limit} bytes`,
      next: 'Send it in parts.',
    },
    { Connection: 'close' },
  );
}
