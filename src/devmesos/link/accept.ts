import type http from 'node:http';
import type { Socket } from 'node:net';
import { Channel, type Sender } from './channel.ts';
import { isSameProof, linkTarget, makeNonce, nonceHeader, proofHeader, proofOf } from './handshake.ts';
import type { ToAgent, ToMaster } from './messages.ts';

export type AgentChannel = Sender<ToAgent>;

export interface AgentConnection {
  readonly channel: AgentChannel;
  onMessage: (message: ToMaster) => void;
  onClose: (reason: string) => void;
}

/** Milliseconds for an agent to prove that it holds the secret. */
const proofWithin = 10_000;

/**
 * The master's side of the handshake: answers an agent's CONNECT, and calls `connected` once the agent has proved
 * that it holds the secret. Who doesn't is cut off.
 */
export function acceptAgent(
  request: http.IncomingMessage,
  socket: Socket,
  secret: string,
  connected: (connection: AgentConnection) => void,
): void {
  const agentNonce = request.headers[nonceHeader];
  if (request.url !== linkTarget || typeof agentNonce !== 'string') {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return;
  }
  const masterNonce = makeNonce();
  const head = [
    'HTTP/1.1 200 Connection Established',
    `${nonceHeader}: ${masterNonce}`,
    `${proofHeader}: ${proofOf('master', secret, agentNonce, masterNonce)}`,
  ];
  const deadline = setTimeout(() => socket.destroy(), proofWithin);
  socket.once('close', () => clearTimeout(deadline));
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  let connection: AgentConnection | undefined;
  const expected = proofOf('agent', secret, agentNonce, masterNonce);
  const channel = new Channel<ToMaster | { type: 'proof'; proof: string }, ToAgent>(
    socket,
    (message) => {
      if (message.type !== 'proof') {
        if (connection) connection.onMessage(message);
        else channel.close();
        return;
      }
      if (connection || !isSameProof(expected, message.proof)) {
        channel.close();
        return;
      }
      clearTimeout(deadline);
      connection = { channel, onMessage: () => undefined, onClose: () => undefined };
      connected(connection);
    },
    (reason) => connection?.onClose(reason),
  );
}
