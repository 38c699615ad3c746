import type { LineCommand, ShownRow } from './followed.ts';

/** Something that can be done, in a line in which the document speaks. */
export interface Offer {
  readonly text: string;
  /** Without `mesosAirflow.`. */
  readonly command: LineCommand['command'];
}

/** A line in which the document speaks of its log: `── this · that · Load Earlier ──`. */
export function saying(parts: readonly string[], offers: readonly Offer[] = []): ShownRow {
  let text = `── ${parts.join(' · ')}`;
  const commands: LineCommand[] = [];
  for (const offer of offers) {
    text += ' · ';
    commands.push({ start: text.length, end: text.length + offer.text.length, command: offer.command });
    text += offer.text;
  }
  return { text: `${text} ──`, ...(commands.length > 0 ? { commands } : {}) };
}
