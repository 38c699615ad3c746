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
    const { label, what, icon } = engines[engine];
    const possibility = possibilities[engine];
    return {
      engine,
      label: `$(${icon}) ${label}`,
      description: what,
      detail: detailOf(engine, possibility),
      impossible: possibility.state === 'impossible',
    };
  });
}

function detailOf(engine: EngineName, possibility: Possibility): string {
  const cost = `The first start takes ${firstStartText(engine)}`;
  switch (possibility.state) {
    case 'looking':
      return `${cost} · $(sync~spin) looking whether it is possible here …`;
    case 'possible':
      return possibility.what === '' ? cost : `${cost} · ${oneLine(possibility.what)}`;
    case 'impossible': {
      const why = [possibility.why, possibility.remedy].filter((part) => part !== undefined && part !== '');
      return `$(circle-slash) Not possible here: ${oneLine(why.join('. '))} · choose it to look again`;
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
