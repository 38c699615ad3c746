import { DeltaMisfit } from './delta.ts';
import { NewerRecording, NotARecording } from './errors.ts';
import { journalFormat, type JournalHeader, type Line } from './lines.ts';
import { readLines } from './read.ts';
import { RecordedState } from './state.ts';

/** A line of a journal in its turn, with the state after it. */
export interface Step {
  readonly line: Exclude<Line, { readonly kind: 'header' | 'end' }>;
  /** The keys that are otherwise by this line. */
  readonly changed: readonly string[];
  readonly state: RecordedState;
  /** Of the segment that it is in. */
  readonly header: JournalHeader;
}

/**
 * Goes through a journal, or a recording, line by line. What does not go with the lines before it (a crash cut a line off) is
 * passed over until all that is known is said again. Throws NotARecording, NewerRecording.
 */
export async function* stepsOf(
  bytes: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Step, void, undefined> {
  const state = new RecordedState();
  let header: JournalHeader | undefined;
  let isBroken = true;
  for await (const { line } of readLines(bytes)) {
    if (line?.kind === 'header') {
      header = checked(line.header, what);
      continue;
    }
    if (!header) throw new NotARecording(what, 'it does not begin as one');
    if (line?.kind === 'end') continue;
    if (line?.kind === 'all') isBroken = false;
    if (!line) isBroken = true;
    const changed = isBroken || !line ? undefined : tryToApply(state, line);
    if (!changed || !line) isBroken = true;
    else yield { line, changed, state, header };
  }
  if (!header) throw new NotARecording(what, 'it is empty, or damaged from its beginning');
}

/** The header, where this version can go on from it. */
export function checked(header: JournalHeader, what: string): JournalHeader {
  if (header.format > journalFormat) throw new NewerRecording(what, header.program);
  return header;
}

function tryToApply(state: RecordedState, line: Line): readonly string[] | undefined {
  try {
    return state.apply(line);
  } catch (error) {
    if (error instanceof DeltaMisfit) return undefined;
    throw error;
  }
}
