import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** Stands between an agent and its master, and can hold back all that either says: as if the agent were stopped. */
export class Silence {
  readonly url: string;
  readonly #server: net.Server;
  #masterPort: number;
  readonly #pairs = new Set<readonly [net.Socket, net.Socket]>();
  /** What happened in the silence, and takes effect after it. */
  #later: (() => void)[] | undefined;

  private constructor(server: net.Server, masterPort: number) {
    this.#server = server;
    this.#masterPort = masterPort;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async before(masterPort: number): Promise<Silence> {
    const server = net.createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const silence = new Silence(server, masterPort);
    server.on('connection', (agent) => {
      agent.on('error', () => agent.destroy());
      silence.#whenHeard(() => silence.#join(agent, net.connect(silence.#masterPort, '127.0.0.1')));
    });
    return silence;
  }

  /** From now on there is another master. */
  leadTo(masterPort: number): void {
    this.#masterPort = masterPort;
    this.disconnect();
  }

  begin(): void {
    this.#later = [];
    for (const socket of this.#sockets()) socket.pause();
  }

  end(): void {
    const later = this.#later ?? [];
    this.#later = undefined;
    for (const socket of this.#sockets()) socket.resume();
    for (const happens of later) happens();
  }

  /** Breaks the connection; the agent makes another. */
  disconnect(): void {
    for (const socket of this.#sockets()) socket.destroy();
  }

  async close(): Promise<void> {
    this.end();
    this.disconnect();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #sockets(): net.Socket[] {
    return [...this.#pairs].flat();
  }

  #whenHeard(happens: () => void): void {
    if (this.#later) this.#later.push(happens);
    else happens();
  }

  #join(agent: net.Socket, master: net.Socket): void {
    const pair = [agent, master] as const;
    this.#pairs.add(pair);
    const over = (): void =>
      this.#whenHeard(() => {
        this.#pairs.delete(pair);
        for (const socket of pair) socket.destroy();
      });
    for (const [from, to] of [pair, [master, agent] as const]) {
      from.on('data', (bytes: Buffer) => to.write(bytes));
      from.on('end', over).on('close', over).on('error', over);
    }
    agent.resume();
  }
}
