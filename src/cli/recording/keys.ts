import type { RecordingRequest, RecordingView } from '../../api/people.ts';

/** The keys of a terminal, for a line of help. */
export const keysHelp = 'space: play or pause · ← →: 10 s · ↑ ↓: speed · home: beginning · q: end';

const stepMs = 10_000;
const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What a key asks of a recording; `end`: to close it; undefined: nothing. */
export function askedByKey(
  key: string,
  { at, from, speed, paused }: RecordingView,
): RecordingRequest | 'end' | undefined {
  switch (key) {
    case ' ':
      return { paused: !paused };
    case '\u001b[C':
      return { at: at + stepMs };
    case '\u001b[D':
      return { at: at - stepMs };
    case '\u001b[A':
    case '+':
      return { speed: speeds.find((one) => one > speed) ?? speed };
    case '\u001b[B':
    case '-':
      return { speed: speeds.findLast((one) => one < speed) ?? speed };
    case '\u001b[H':
    case '\u001b[1~':
    case '0':
      return { at: from };
    case 'q':
    case '\u0003':
    case '\u0004':
      return 'end';
    default:
      return undefined;
  }
}
