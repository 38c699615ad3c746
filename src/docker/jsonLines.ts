import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** The messages of an answer that is one JSON value per line, as they come. Ends when the answer ends, however it ends. */
export async function* jsonLines(answer: Readable): AsyncGenerator<unknown, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of answer) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
  }
  if (rest.trim() !== '') yield JSON.parse(rest);
}
