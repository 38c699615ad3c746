// What is left out of bundles: of what dockerode loads the 1 MB that we never call. Packages are meant by their whole
// names: `protobufjs/light.js`, which is ours, stays.
import { fileURLToPath } from 'node:url';

const throws = fileURLToPath(new URL('throws.cjs', import.meta.url));
const instead = {
  ssh2: throws,
  '@grpc/grpc-js': throws,
  '@grpc/proto-loader': throws,
  protobufjs: throws,
  'tar-fs': throws,
  '@balena/dockerignore': throws,
  debug: fileURLToPath(new URL('debug.cjs', import.meta.url)),
};
const names = new RegExp(`^(${Object.keys(instead).join('|')})$`);

/** @type {import('esbuild').Plugin} */
export const leftOut = {
  name: 'leftOut',
  setup({ onResolve }) {
    onResolve({ filter: names }, ({ path }) => ({ path: instead[path] }));
    // A copy of Node's own streams for Nodes of old.
    onResolve({ filter: /^readable-stream$/ }, () => ({ path: 'node:stream', external: true }));
  },
};
