import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseDotenv, readDotenv } from '../../../src/airflow/dotenv.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('.env', () => {
  it('reads plain and exported variables, with or without spaces around the equals sign', () => {
    assert.deepEqual(parseDotenv('A=1\nexport B=two\n  C = three words \nD=\n'), {
      A: '1',
      B: 'two',
      C: 'three words',
      D: '',
    });
  });

  it('skips comments, and keeps a # that is part of a value', () => {
    const text = '# A=no\nB=x # a remark\nC=x#y\nD="x # y" # a remark\nE=#nothing\n\t# F=no';
    assert.deepEqual(parseDotenv(text), { B: 'x', C: 'x#y', D: 'x # y', E: '' });
  });

  it('takes single quotes as they stand and double quotes with escapes', () => {
    const text = String.raw`A='a\n$B "c"'` + '\n' + String.raw`B="a\nb \"c\" \\ \$D \é"`;
    assert.deepEqual(parseDotenv(text), { A: String.raw`a\n$B "c"`, B: 'a\nb "c" \\ $D \\é' });
  });

  it('reads quoted values over several lines, also where a line looks like another variable', () => {
    const text = 'KEY="-----BEGIN-----\nA=B\n-----END-----"\nNEXT=\'x\ny\'\nLAST=1';
    assert.deepEqual(parseDotenv(text), {
      KEY: '-----BEGIN-----\nA=B\n-----END-----',
      NEXT: 'x\ny',
      LAST: '1',
    });
  });

  it('passes over what is no assignment, and lets the later of two win', () => {
    assert.deepEqual(parseDotenv('hello\n1A=x\n=y\nA=1\nA=2\nB="open\nC=3'), { A: '2', B: '"open', C: '3' });
  });

  it('keeps text beyond ASCII, values with equals signs, and Windows line ends apart', () => {
    assert.deepEqual(parseDotenv('\uFEFFGRUSS=Grüße 🌍\r\nURL=postgresql://a:b@c/d?e=f\r\n'), {
      GRUSS: 'Grüße 🌍',
      URL: 'postgresql://a:b@c/d?e=f',
    });
  });

  it('finds nothing where there is no file', async () => {
    const folder = await temporaryFolder();
    try {
      assert.deepEqual(await readDotenv(path.join(folder.path, '.env')), {});
      await fs.writeFile(path.join(folder.path, '.env'), 'A=ä\n');
      assert.deepEqual(await readDotenv(path.join(folder.path, '.env')), { A: 'ä' });
    } finally {
      await folder.remove();
    }
  });
});
