import type { PartIncident } from '../../engines/engine.ts';
import { clock } from '../output/durations.ts';
import type { Colors } from '../output/terminal.ts';
import { oneLine } from '../output/text.ts';

/** An incident as `watch` and a foreground `up` print it for programs. */
export function incidentRecord(incident: PartIncident): Readonly<Record<string, unknown>> {
  const { part, state, detail, lastLines, at } = incident;
  return { type: 'incident', part, state, detail, lines: lastLines, at };
}

/** What became of a part, and the last that its log says. */
export function incidentLines(incident: PartIncident, colors: Colors, now = Date.now()): string[] {
  const { part, state, at, lastLines } = incident;
  const detail = oneLine(incident.detail);
  const time = colors.dim(clock(at, now));
  switch (state) {
    case 'running':
      return [`${time}  ${colors.green('✓')} ${part}: is back`];
    case 'restarting':
      return [
        `${time}  ${colors.yellow('!')} ${part}: ${detail}; it is started again`,
        ...indented(lastLines),
      ];
    case 'exited':
      return [`${time}  ${colors.red('✗')} ${part}: ${detail}`, ...indented(lastLines)];
  }
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `            ${oneLine(line)}`);
}
