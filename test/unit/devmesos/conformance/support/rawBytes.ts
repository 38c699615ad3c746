import net from 'node:net';
import { until } from '../../../../support/until.ts';

/** An answer as it came: headers under their names in lower case, but the date. */
export interface ParsedAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Sends bytes on a connection of their own and gives what comes back, until `isWhole` says that it is all. */
export async function exchange(
  port: number,
  bytes: string | Buffer,
  isWhole: (received: string, ended: boolean) => boolean,
): Promise<{ text: string; ended: boolean }> {
  const socket = net.connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  let ended = false;
  socket.on('data', (part) => parts.push(part));
  socket.on('end', () => (ended = true));
  socket.on('error', () => (ended = true));
  socket.write(bytes);
  const received = (): string => Buffer.concat(parts).toString('latin1');
  await until(() => isWhole(received(), ended), { what: 'the answer', everyMs: 2 });
  socket.destroy();
  return { text: received(), ended };
}

/** Answers that follow one another, each with a Content-Length. */
export function parseAnswers(text: string): ParsedAnswer[] {
  const answers: ParsedAnswer[] = [];
  let rest = text;
  while (rest.startsWith('HTTP/')) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    delete headers.date;
    const length = Number(headers['content-length'] ?? 0);
    // What is still on its way is none yet.
    if (rest.length < end + 4 + length) break;
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(first.split(' ')[1]), headers, body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** What Python's repr of bytes or of text stands for, as far as the recordings use it. */
export function fromPython(literal: string): string {
  const inner = literal.replace(/^b?(['"])(.*)\1$/s, '$2');
  return inner.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_all, hex: string | undefined, other: string) =>
    hex !== undefined
      ? String.fromCharCode(parseInt(hex, 16))
      : ({ r: '\r', n: '\n', t: '\t' }[other] ?? other),
  );
}
