import assert from 'node:assert/strict';
import { offsetOf } from '../../../../src/extension/logs/offset.ts';

describe('a place in a log', () => {
  it('is bytes, a share, or so much before the end, within the file', () => {
    const size = 10 * 1024 * 1024;
    const places: Readonly<Record<string, number | undefined>> = {
      '0': 0,
      '1200000': 1_200_000,
      '12 kB': 12 * 1024,
      '1,5 MB': 1.5 * 1024 * 1024,
      '2m': 2 * 1024 * 1024,
      '50%': size / 2,
      '-25 %': size * 0.75,
      '-64 kB': size - 64 * 1024,
      '−100': size - 100,
      '300 bytes': 300,
      '11 MB': size,
      '-1 GiB': 0,
      '': undefined,
      half: undefined,
      '1.2.3': undefined,
      '5 %%': undefined,
    };
    for (const [words, place] of Object.entries(places)) assert.equal(offsetOf(words, size), place, words);
  });
});
