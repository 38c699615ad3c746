import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { filesBelow, inputsHash, type ImageInputs } from '../../../../../src/engines/docker/images/inputs.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';

describe("the hash of an image's inputs", () => {
  const inputs: ImageInputs = {
    from: ['sha256:base'],
    dockerfile: 'FROM x\n',
    args: { BASE: 'x', UID: '1000' },
    files: [
      { path: 'a.py', content: 'print("Grüße")\n' },
      { path: 'b.py', content: Buffer.from('pass\n') },
    ],
  };

  it('is the same for the same inputs, in any order', async () => {
    const same = { ...inputs, args: { UID: '1000', BASE: 'x' }, files: inputs.files.toReversed() };
    assert.equal(await inputsHash(same), await inputsHash(inputs));
    assert.match(await inputsHash(inputs), /^[0-9a-f]{16}$/);
  });

  it('is another one where anything differs', async () => {
    const [first, second] = inputs.files;
    assert.ok(first && second);
    const others: ImageInputs[] = [
      { ...inputs, from: ['sha256:other'] },
      { ...inputs, dockerfile: 'FROM y\n' },
      { ...inputs, args: { ...inputs.args, UID: '1001' } },
      { ...inputs, files: [first] },
      { ...inputs, files: [{ ...first, content: 'print("Gruss")\n' }, second] },
      { ...inputs, files: [{ ...first, path: 'c.py' }, second] },
      { ...inputs, files: [{ ...first, mode: 0o755 }, second] },
    ];
    const hashes = await Promise.all([inputs, ...others].map(inputsHash));
    assert.equal(new Set(hashes).size, others.length + 1);
  });

  it('knows files by what is in them, and leaves out bytecode', async () => {
    const folder = await temporaryFolder('inputs');
    try {
      for (const name of ['a.py', 'below/b.py', '__pycache__/a.pyc', 'below/__pycache__/b.pyc']) {
        await fs.mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
        await fs.writeFile(path.join(folder.path, name), name);
      }
      const files = await filesBelow(folder.path, 'to');
      assert.deepEqual(files.map((file) => file.path).sort(), ['to/a.py', 'to/below/b.py']);
      const before = await inputsHash({ ...inputs, files });
      await fs.writeFile(path.join(folder.path, 'below/b.py'), 'changed');
      assert.notEqual(await inputsHash({ ...inputs, files }), before);
    } finally {
      await folder.remove();
    }
  });
});
