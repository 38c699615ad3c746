import assert from 'node:assert/strict';
import {
  age,
  bar,
  bytes,
  clock,
  duration,
  memory,
  plain,
  resourcesText,
} from '../../../src/extension/format.ts';

describe('format', () => {
  it('writes memory and bytes with a unit that fits', () => {
    assert.equal(memory(512), '512 MB');
    assert.equal(memory(1229), '1.2 GB');
    assert.equal(bytes(1), '1 byte');
    assert.equal(bytes(64 * 1024), '64 kB');
    assert.equal(bytes(3 * 1024 * 1024), '3 MB');
  });

  it('writes resources as a person reads them', () => {
    assert.equal(resourcesText({ cpus: 1, mem: 512, disk: 9, gpus: 0 }), '1 cpu, 512 MB');
    assert.equal(resourcesText({ cpus: 2.5, mem: 6144, disk: 0, gpus: 2 }), '2.5 cpus, 6 GB, 2 gpus');
  });

  it('fills a bar only where all is used, and shows the least use', () => {
    assert.equal(bar(0, 4), '□□□□');
    assert.equal(bar(0.1, 4), '■□□□');
    assert.equal(bar(3, 4), '■■■□');
    assert.equal(bar(3.9, 4), '■■■□');
    assert.equal(bar(4, 4), '■■■■');
    assert.equal(bar(0, 0), '□□□□');
  });

  it('writes how long something took', () => {
    assert.equal(duration(812), '0.8 s');
    assert.equal(duration(14_240), '14.2 s');
    assert.equal(duration(59_999), '1 min');
    assert.equal(duration(125_000), '2 min 5 s');
    assert.equal(duration(3_720_000), '1 h 2 min');
    assert.equal(duration(-5), '0 s');
  });

  it('keeps an age coarse', () => {
    assert.equal(age(1000), '< 1 min');
    assert.equal(age(59_000), '< 1 min');
    assert.equal(age(61_000), '1 min');
    assert.equal(age(2 * 3_600_000), '2 h');
  });

  it('gives the date only where it is another day', () => {
    const noon = new Date(2026, 10, 23, 12, 0, 5).getTime();
    assert.equal(clock(noon, noon), '12:00:05');
    assert.equal(clock(noon, new Date(2026, 10, 24).getTime()), '11-23 12:00:05');
  });

  it('leaves nothing for Markdown to act on', () => {
    assert.equal(plain('[a](command:x) <b> *c*'), '\\[a\\]\\(command:x\\) \\<b\\> \\*c\\*');
  });
});
