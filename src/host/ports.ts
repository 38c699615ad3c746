import net from 'node:net';

/** Whether nobody listens on this port of the address. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * The wanted port if it is free, else the next free one of the twenty above it, else any that the system gives.
 * `taken` holds ports that this caller has promised already. 0 asks for any.
 */
export async function choosePort(
  wanted: number,
  taken: ReadonlySet<number> = new Set(),
  host = '127.0.0.1',
): Promise<number> {
  if (wanted > 0) {
    for (let port = wanted; port <= Math.min(wanted + 20, 65535); port += 1) {
      if (!taken.has(port) && (await isPortFree(port, host))) return port;
    }
  }
  for (;;) {
    const port = await anyPort(host);
    if (!taken.has(port)) return port;
  }
}

async function anyPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
