import { createInterface } from 'node:readline/promises';

/** Asks a person a question that only `y` or `yes` answers with yes. To be asked only where `Context.canAsk`. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
