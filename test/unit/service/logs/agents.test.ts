import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentAway } from '../../../../src/service/agentAway.ts';
import { AttemptAgents } from '../../../../src/service/attemptAgents.ts';
import { SandboxAgents } from '../../../../src/service/logs/agents.ts';
import { HttpProblem } from '../../../../src/service/http/problem.ts';
import { attempt } from './fakeAgent.ts';

type Answer = (request: {
  url: URL;
  call: { type?: string; read_file?: { path: string; offset: number } };
}) => {
  status: number;
  body: string | Buffer;
};

/** An agent that answers as a test says. */
class Agent {
  readonly asked: string[] = [];
  readonly #server: http.Server;

  private constructor(answer: Answer) {
    this.#server = http.createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://agent');
        this.asked.push(`${request.method ?? ''} ${url.pathname}`);
        const call = text === '' ? {} : (JSON.parse(text) as Parameters<Answer>[0]['call']);
        const { status, body } = answer({ url, call });
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      });
    });
  }

  static async start(answer: Answer): Promise<Agent> {
    const agent = new Agent(answer);
    await new Promise<void>((resolve) => agent.#server.listen(0, '127.0.0.1', resolve));
    return agent;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

const modern =
  (files: Record<string, string>): Answer =>
  ({ call }) => {
    if (call.type === 'GET_HEALTH') return { status: 200, body: '{"type":"GET_HEALTH","get_health":{}}' };
    const content = files[call.read_file?.path.split('/latest/')[1] ?? ''];
    if (content === undefined) return { status: 404, body: '' };
    // As Mesos writes it, with its slashes escaped.
    const data = Buffer.from(content)
      .subarray(call.read_file?.offset)
      .toString('base64')
      .replaceAll('/', '\\/');
    const size = Buffer.byteLength(content);
    return { status: 200, body: `{"type":"READ_FILE","read_file":{"data":"${data}","size":${size}}}` };
  };

/** An agent from before the operator API: it serves a sandbox by its full path alone. */
function old(content: Buffer): Answer {
  const directory = '/work/slaves/S0/frameworks/F0/executors/r1.1/runs/c0';
  return ({ url }) => {
    const path = url.searchParams.get('path') ?? '';
    if (url.pathname === '/state') {
      const executors = [{ id: 'r1.1', directory }];
      return { status: 200, body: JSON.stringify({ frameworks: [{ id: 'F0', executors }] }) };
    }
    if (!path.startsWith(directory)) return { status: 404, body: '' };
    if (url.pathname === '/files/browse') {
      const listed = [{ path: `${directory}/stdout`, size: content.length, mode: '-rw-r-----', mtime: 5 }];
      return { status: 200, body: JSON.stringify(listed) };
    }
    if (url.pathname !== '/files/read' || !path.endsWith('/stdout')) return { status: 404, body: '' };
    const offset = Number(url.searchParams.get('offset'));
    const length = Number(url.searchParams.get('length') ?? 0);
    const data = offset < 0 ? Buffer.alloc(0) : content.subarray(offset, offset + length);
    const escaped = data
      .toString('latin1')
      .replace(/["\\]/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\0', '\\u0000');
    const shown = offset < 0 ? content.length : offset;
    return { status: 200, body: Buffer.from(`{"data":"${escaped}","offset":${shown}}`, 'latin1') };
  };
}

describe('the agents that hold sandboxes', () => {
  const running: Agent[] = [];
  let agents: SandboxAgents | undefined;

  async function start(answer: Answer): Promise<Agent> {
    const agent = await Agent.start(answer);
    running.push(agent);
    return agent;
  }

  function reading(address: () => string | undefined, agentsMove = true): SandboxAgents {
    agents = new SandboxAgents({
      authorization: () => '',
      places: new AttemptAgents({ addressOf: () => Promise.resolve(address()), agentsMove }),
    });
    return agents;
  }

  afterEach(async () => {
    agents?.close();
    for (const agent of running.splice(0)) await agent.stop();
  });

  it('are asked where the master has them, and looked up anew when they are not there any more', async () => {
    const first = await start(modern({ stdout: 'one' }));
    let address = first.address;
    const files = reading(() => address);
    assert.equal((await files.read(attempt(), 'stdout', 0, 100))?.data.toString(), 'one');
    const second = await start(modern({ stdout: 'two??>>' }));
    await first.stop();
    address = second.address;
    const part = await files.read(attempt(), 'stdout', 3, 100);
    assert.deepEqual([part?.data.toString(), part?.size], ['??>>', 7]);
  });

  it('are not taken for another that is at their old address', async () => {
    const other = await start(modern({}));
    const moved = await start(modern({ stdout: 'mine' }));
    let address = other.address;
    const files = reading(() => address);
    assert.equal(await files.read(attempt(), 'stdout', 0, 100), undefined);
    address = moved.address;
    assert.equal((await files.read(attempt(), 'stdout', 0, 100))?.data.toString(), 'mine');
  });

  it('are asked where their offer told, where agents do not move', async () => {
    const agent = await start(modern({ stdout: 'here' }));
    const files = reading(() => undefined, false);
    const of = attempt({ agent_address: agent.address });
    assert.equal((await files.read(of, 'stdout', 0, 100))?.data.toString(), 'here');
  });

  it('are away where nobody answers, or the master knows nothing of them', async () => {
    const agent = await start(modern({}));
    const { address } = agent;
    await agent.stop();
    const isAway = (isKnown: boolean) => (error: unknown) =>
      error instanceof AgentAway && error.isKnown === isKnown;
    await assert.rejects(reading(() => address).read(attempt(), 'stdout', 0, 1), isAway(true));
    await assert.rejects(reading(() => undefined).read(attempt(), 'stdout', 0, 1), isAway(false));
  });

  it('refuse what leads out of a sandbox, and it is said in their words', async () => {
    const agent = await start(() => ({ status: 400, body: "'/x' is inaccessible.\n" }));
    await assert.rejects(
      reading(() => agent.address).read(attempt(), 'x', 0, 1),
      (error: unknown) =>
        error instanceof HttpProblem && error.status === 400 && error.problem.why === "'/x' is inaccessible.",
    );
  });

  it('are read by the older endpoints where they have no operator API, byte by byte', async () => {
    const content = Buffer.concat([
      Buffer.from('a "quoted\\" line\nü'),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('end'),
    ]);
    const agent = await start(old(content));
    const files = reading(() => agent.address);
    const part = await files.read(attempt(), 'stdout', 2, 1000);
    assert.ok(part?.data.equals(content.subarray(2)), part?.data.toString('latin1'));
    assert.equal(part?.size, content.length);
    assert.equal((await files.read(attempt(), 'stdout', 0, 0))?.data.length, 0);
    assert.equal(await files.read(attempt(), 'nothing', 0, 10), undefined);
    assert.deepEqual(
      (await files.list(attempt(), ''))?.map(({ path, size, mode }) => [path.split('/').at(-1), size, mode]),
      [['stdout', content.length, 0o100640]],
    );
    // It is found out once that there is no such API.
    assert.equal(agent.asked.filter((request) => request === 'POST /api/v1').length, 2);
  });
});
