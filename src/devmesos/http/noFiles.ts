import type { Handler } from './server.ts';
import { badRequest, json, noSuchFile } from './reply.ts';

/** The files endpoints of a server that has no files to show. */
export function fileRoutesWithout(): [string, Handler][] {
  const none: Handler = ({ query }) =>
    query.has('path') ? noSuchFile() : badRequest("Expecting 'path=value' in query.\n");
  return [
    ['/files/browse', none],
    ['/files/read', none],
    ['/files/download', none],
    ['/files/debug', () => json({})],
  ];
}
