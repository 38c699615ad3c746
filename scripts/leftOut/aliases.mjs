// What is left out of bundles, as esbuild's aliases: of what dockerode loads the 1 MB that we never call.
import { fileURLToPath } from 'node:url';

const throws = fileURLToPath(new URL('throws.cjs', import.meta.url));
const debug = fileURLToPath(new URL('debug.cjs', import.meta.url));

export const aliases = {
  ssh2: throws,
  '@grpc/grpc-js': throws,
  '@grpc/proto-loader': throws,
  protobufjs: throws,
  'tar-fs': throws,
  '@balena/dockerignore': throws,
  debug,
  // A copy of Node's own streams for Nodes of old.
  'readable-stream': 'node:stream',
};
