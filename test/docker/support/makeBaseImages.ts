// Run by itself (scripts/testImages.mjs): makes the base images and prints their names.
import { ensureBaseImages } from './baseImages.ts';

let told = 0;
const images = await ensureBaseImages(undefined, (detail) => {
  // debootstrap has several lines for each package.
  if (Date.now() - told < 500) return;
  told = Date.now();
  process.stderr.write(`${detail}\n`);
});
for (const name of Object.values(images)) process.stdout.write(`${name}\n`);
