import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AttemptAgents } from '../../../src/service/attemptAgents.ts';
import { HttpProblem } from '../../../src/service/http/problem.ts';
import { lineLogger } from '../../../src/service/log.ts';
import { shellCommand } from '../../../src/service/sessions/shell.ts';
import { TaskSessions } from '../../../src/service/sessions/taskSessions.ts';
import { attempt } from './logs/fakeAgent.ts';

const key = { dag_id: 'd', run_id: 'r', task_id: 't', map_index: -1, try_number: 1 };

/** What an agent refuses a session with, as a client of the service is told. */
async function problemOf(words: string): Promise<HttpProblem> {
  const agent = http.createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      if (body.includes('GET_CONTAINERS')) {
        const container = {
          framework_id: { value: 'F0' },
          executor_id: { value: 'r1.1' },
          container_id: { value: 'c1' },
        };
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ type: 'GET_CONTAINERS', get_containers: { containers: [container] } }));
      } else {
        response.statusCode = 400;
        response.end(words);
      }
    });
  });
  await once(agent.listen(0, '127.0.0.1'), 'listening');
  const { port } = agent.address() as AddressInfo;
  const sessions = new TaskSessions({
    authorization: () => '',
    places: new AttemptAgents({
      addressOf: () => Promise.resolve(`127.0.0.1:${port}`),
      agentsMove: true,
    }),
    log: lineLogger(() => undefined),
  });
  const wish = {
    tty: undefined,
    command: undefined,
    client: 'a test',
    signal: new AbortController().signal,
  };
  try {
    const session = await sessions.open({ key }, attempt(), wish);
    session.close();
    throw new Error('it was opened');
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  } finally {
    agent.close();
  }
}

describe('a session that the agent refuses', () => {
  it("is told with the agent's words", async () => {
    const { status, problem } = await problemOf('Parent container c1 does not exist');
    assert.equal(status, 409);
    assert.equal(problem.why, 'Parent container c1 does not exist');
  });

  it("of Apache's Docker containers says what to do in its place", async () => {
    const { status, problem } = await problemOf('Nested containers are not supported');
    assert.equal(status, 409);
    assert.match(problem.error, /Docker container of this task/);
    assert.match(problem.next ?? '', /docker exec -it mesos-c1 sh$/);
  });
});

describe('the shell of a session', () => {
  const bash = spawnSync('bash', ['--version']).status === 0;

  /** A prompt as bash shows it in a folder, after the person's own file has set PS1. */
  function prompt(own: string, folder: string, task = key): string {
    const { environment } = shellCommand({ key: task }, attempt(), true);
    const given = Object.fromEntries((environment?.variables ?? []).map(({ name, value }) => [name, value]));
    const script = `${own}; eval "$PROMPT_COMMAND"; eval "$PROMPT_COMMAND"; printf %s "\${PS1@P}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, MESOS_SANDBOX: '/usr', ...given },
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    return stdout;
  }

  it("puts the task before the person's own prompt, and shortens the sandbox's path", function () {
    if (!bash) this.skip();
    assert.match(prompt(String.raw`PS1='\s-\v\$ '`, '/usr'), /^\(t on agent-1\) sandbox[#$] $/);
    assert.equal(prompt(String.raw`PS1='me:\w> '`, '/usr/bin'), '(t on agent-1) me:sandbox/bin> ');
    assert.equal(prompt(String.raw`PS1='me:\w> '`, '/'), '(t on agent-1) me:/> ');
    assert.equal(prompt(String.raw`PS1='❯ '`, '/usr'), '(t on agent-1) ❯ ');
  });

  it('shows names as they are', function () {
    if (!bash) this.skip();
    const odd = { ...key, task_id: 'a$(echo b)`echo c`\\w', map_index: 3 };
    assert.equal(prompt(`PS1='> '`, '/usr', odd), '(a$(echo b)`echo c`\\w[3] on agent-1) > ');
  });

  it('has no prompt where nobody types', () => {
    assert.deepEqual(shellCommand({ key }, attempt(), false).environment, { variables: [] });
  });
});
