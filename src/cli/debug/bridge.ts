import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Session } from '../../client/session.ts';

/** What a debugger writes to us and reads of us: its connection, or our own standard streams. */
export interface DebuggerStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Carries what a debugger and a debug copy say to each other until one of them hangs up. Gives what the relay said of its
 * own troubles; '' where it had none.
 */
export async function bridge(session: Session, { input, output }: DebuggerStreams): Promise<string> {
  let words = '';
  session.onOutput(async (stream, data) => {
    if (stream === 'stderr') words = `${words}${data.toString()}`.slice(-2000);
    else if (!output.write(data)) await Promise.race([once(output, 'drain'), once(output, 'close')]);
  });
  const leave = (): void => session.close();
  // The one that hangs up says by it that it has left.
  output.once('error', leave).once('close', leave);
  input.once('error', leave);
  const carried = (async () => {
    for await (const data of input) await session.write(data as Buffer);
    session.close();
  })();
  carried.catch(leave);
  await session.exit.catch(() => undefined);
  input.destroy();
  return words.trim();
}
