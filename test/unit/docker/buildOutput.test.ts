import assert from 'node:assert/strict';
import { BuildOutput } from '../../../src/docker/buildOutput.ts';

describe('the output of a build', () => {
  let output: BuildOutput;
  beforeEach(() => (output = new BuildOutput()));

  function say(...streams: string[]): string | undefined {
    for (const stream of streams) output.take({ stream });
    return output.line;
  }

  it('is a step with the last line that it printed', () => {
    assert.equal(
      say('Step 1/14 : FROM python:3.12-slim\n', ' ---> aaaaaaaaaaaa\n'),
      'step 1 of 14: FROM python:3.12-slim',
    );
    say('Step 2/14 : RUN pip install   -r requirements.txt\n', ' ---> Running in bbbbbbbbbbbb\n');
    assert.equal(output.container, 'bbbbbbbbbbbb');
    assert.equal(output.line, 'step 2 of 14: pip install -r requirements.txt');
    assert.equal(
      say('Collecting ', 'airflow\nDown'),
      'step 2 of 14: pip install -r requirements.txt · Collecting airflow',
    );
    assert.equal(
      say('loading 1 %\r', 'Downloading 100 %\n'),
      'step 2 of 14: pip install -r requirements.txt · Downloading 100 %',
    );
    say(
      '\u001b[32mSuccessfully installed airflow\u001b[0m\n',
      'Removing intermediate container bbbbbbbbbbbb\n',
    );
    assert.match(output.line, / · Successfully installed airflow$/);
    say(' ---> cccccccccccc\n');
    assert.equal(output.container, undefined);
  });

  it('tells apart the images that were made and those that were there', () => {
    say('Step 1/4 : FROM base AS one\n', ' ---> 000000000000\n');
    say('Step 2/4 : COPY a /a\n', ' ---> Using cache\n', ' ---> 111111111111\n');
    say('Step 3/4 : RUN true\n', ' ---> Running in aaaaaaaaaaaa\n', ' ---> 222222222222\n');
    say('Step 4/4 : COPY b /b\n', ' ---> 333333333333\n', 'Successfully built 333333333333\n');
    assert.deepEqual(output.made, ['222222222222', '333333333333']);
  });

  it('keeps the last lines of the step alone', () => {
    say('Step 1/2 : RUN a\n', 'of a\n', 'Step 2/2 : RUN b\n');
    for (let line = 0; line < 100; line += 1) say(`line ${String(line)}\n`);
    assert.equal(output.lastLines.length, 30);
    assert.equal(output.lastLines.at(-1), 'line 99');
    assert.equal(output.lastLines[0], 'line 70');
  });

  it("is understood of Podman's builder too, and shortened", () => {
    assert.equal(say('STEP 3/9: RUN true\n', '--> 0123456789a\n', 'COMMIT\n'), 'step 3 of 9: true');
    assert.equal(say('[2/2] STEP 1/3: FROM base\n', `${'0'.repeat(64)}\n`), 'step 1 of 3: FROM base');
    const line = say(`STEP 4/9: RUN ${'a'.repeat(200)}\n`, `${'b'.repeat(200)}\n`) ?? '';
    assert.ok(line.length < 190);
    assert.match(line, /^step 4 of 9: a{59}… · b{99}…$/);
  });
});
