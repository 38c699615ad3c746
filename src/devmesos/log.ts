/** Where the master and the agents tell what they do: one line each. */
export type Log = (line: string) => void;

/** Lines on standard error, each with its time; standard output is for the line that says ready. */
export function logTo(stream: NodeJS.WritableStream, name: string): Log {
  return (line) => void stream.write(`${new Date().toISOString()} ${name} ${line}\n`);
}
