// `node scripts/testImages.mjs`: makes the base images of the tests in Docker (test/docker/support/baseImages.ts) where
// they are missing. As root, with debootstrap: `apt-get install debootstrap`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { developmentNode, root } from './node.mjs';

const { status } = spawnSync(developmentNode(), [path.join(root, 'test/docker/support/makeBaseImages.ts')], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
