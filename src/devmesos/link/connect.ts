import http from 'node:http';
import { plainAddress } from '../address.ts';
import { Channel } from './channel.ts';
import { isSameProof, linkTarget, makeNonce, nonceHeader, proofHeader, proofOf } from './handshake.ts';
import type { ToAgent, ToMaster } from './messages.ts';

export type MasterChannel = Channel<ToAgent, ToMaster | { readonly type: 'proof'; readonly proof: string }>;

/** Who answered the agent is not a master with the same secret. */
export class NotOurMasterError extends Error {
  readonly url: string;
  constructor(url: string) {
    super(`what listens at ${url} is not a dev Mesos master with the same secret`);
    this.name = 'NotOurMasterError';
    this.url = url;
  }
}

export interface Connected {
  readonly channel: MasterChannel;
  /** Ours of this connection: one by which the master's side can reach this machine. */
  readonly localAddress: string;
}

export interface ConnectOptions {
  /** The master's address, `http://host:port`. */
  readonly master: string;
  readonly secret: string;
  readonly onMessage: (message: ToAgent) => void;
  readonly onClose: (reason: string) => void;
}

/** The agent's side of the handshake. Rejects with NotOurMasterError, or with Node's error where nobody answers. */
export async function connectToMaster(options: ConnectOptions): Promise<Connected> {
  const agentNonce = makeNonce();
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(options.master);
    const request = http.request({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      method: 'CONNECT',
      path: linkTarget,
      agent: false,
      headers: { [nonceHeader]: agentNonce },
      timeout: 10_000,
    });
    request.once('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.once('error', reject);
    request.once('connect', (response, socket, head) => {
      const masterNonce = response.headers[nonceHeader];
      const proof = response.headers[proofHeader];
      if (
        typeof masterNonce !== 'string' ||
        typeof proof !== 'string' ||
        !isSameProof(proofOf('master', options.secret, agentNonce, masterNonce), proof)
      ) {
        socket.destroy();
        reject(new NotOurMasterError(options.master));
        return;
      }
      request.setTimeout(0);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      if (head.length > 0) socket.unshift(head);
      const channel: MasterChannel = new Channel(socket, options.onMessage, options.onClose);
      channel.send({ type: 'proof', proof: proofOf('agent', options.secret, agentNonce, masterNonce) });
      resolve({ channel, localAddress: plainAddress(socket.localAddress ?? '') });
    });
    request.end();
  });
}
