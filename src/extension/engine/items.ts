import * as l10n from '@vscode/l10n';
import { engineNames, engines, firstStartText, type EngineName } from './facts.ts';
import type { Possibilities, Possibility } from './possibility.ts';

/** An engine as the question offers it. */
export interface EngineItem {
  readonly engine: EngineName;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** It cannot be used here: choosing it looks again. */
  readonly impossible: boolean;
}

/** The question's items: what each engine is, what its first start costs, and whether it is possible here. */
export function engineItems(possibilities: Possibilities): EngineItem[] {
  return engineNames.map((engine) => {
    const { label, icon } = engines()[engine];
    const possibility = possibilities[engine];
    const impossible = possibility.state === 'impossible';
    return {
      engine,
      label: `$(${icon}) ${label}`,
      description: impossible
        ? l10n.t('not possible here · choose it to look again')
        : l10n.t('{0} the first time', firstStartText(engine)),
      detail: detailOf(engine, possibility),
      impossible,
    };
  });
}

function detailOf(engine: EngineName, possibility: Possibility): string {
  const { what } = engines()[engine];
  switch (possibility.state) {
    case 'looking':
      return `${what} · $(sync~spin) ${l10n.t('looking whether it is possible here …')}`;
    case 'possible':
      return possibility.what === '' ? what : `${what} · ${oneLine(possibility.what)}`;
    case 'impossible':
      return `$(circle-slash) ${oneLine(possibility.why)}`;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
