import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { sentences } from '../cluster/connection.ts';
import { Disposing } from '../dispose.ts';
import { engineItems, type EngineItem } from './items.ts';
import { engineNames, engines, type EngineName } from './facts.ts';
import { stillLooking, type Possibilities, type Possibility } from './possibility.ts';

export interface Inquiry {
  /** Looks what is possible on this machine; asked again where the person chooses what was not. */
  readonly look: () => Promise<Possibilities>;
  /** The engine of a cluster of this name that was found meanwhile: it is not asked about any more. */
  readonly existing: Promise<EngineName | undefined>;
}

/** Asks once what a new cluster shall consist of. The items are there at once; what is possible follows. */
export class EngineQuestion extends Disposing {
  #pick: vscode.QuickPick<EngineItem> | undefined;

  constructor() {
    super();
    this.register({ dispose: () => this.#pick?.dispose() });
  }

  /** What is shown now; undefined while nothing is asked. */
  get shown(): readonly EngineItem[] | undefined {
    return this.#pick?.items;
  }

  /** The chosen engine, or undefined where the person did not want to choose. */
  async ask(inquiry: Inquiry): Promise<EngineName | undefined> {
    const pick = vscode.window.createQuickPick<EngineItem>();
    this.#pick?.dispose();
    this.#pick = pick;
    pick.title = l10n.t('Start Mesos Airflow Cluster');
    pick.placeholder = l10n.t(
      'What shall the cluster consist of? It is asked once, and stays with the cluster.',
    );
    pick.ignoreFocusOut = true;
    try {
      return await new Promise<EngineName | undefined>((resolve, reject) => {
        const look = async (): Promise<Possibilities | undefined> => {
          if (this.#pick !== pick) return undefined;
          pick.busy = true;
          show(pick, stillLooking);
          const possibilities = await inquiry.look();
          if (this.#pick !== pick) return undefined;
          show(pick, possibilities);
          pick.busy = false;
          return possibilities;
        };
        const lookAgain = async (engine: EngineName): Promise<void> => {
          const possibility = (await look())?.[engine];
          if (possibility?.state === 'impossible' && (await tellWhy(engine, possibility)))
            await lookAgain(engine);
        };
        pick.onDidAccept(() => {
          const [chosen] = pick.activeItems;
          if (!chosen) return;
          if (chosen.impossible) lookAgain(chosen.engine).catch(reject);
          else resolve(chosen.engine);
        });
        pick.onDidHide(() => resolve(undefined));
        inquiry.existing.then((engine) => engine && resolve(engine), reject);
        look().catch(reject);
        pick.show();
      });
    } finally {
      if (this.#pick === pick) this.#pick = undefined;
      pick.dispose();
    }
  }
}

/** All of the reason, which a row has no room for, and what to do. Returns whether the person wants another look. */
async function tellWhy(
  engine: EngineName,
  { why, remedy }: Extract<Possibility, { state: 'impossible' }>,
): Promise<boolean> {
  const text = sentences({
    what: l10n.t('{0} is not possible here', engines()[engine].label),
    why,
    next: remedy,
  });
  const again = l10n.t('Look Again');
  return (await vscode.window.showWarningMessage(text, again)) === again;
}

/** Other items, with the one that the person is at. */
function show(pick: vscode.QuickPick<EngineItem>, possibilities: Possibilities): void {
  const at = pick.activeItems[0]?.engine;
  const items = engineItems(possibilities);
  pick.items = items;
  const active = items[at === undefined ? 0 : engineNames.indexOf(at)];
  if (active) pick.activeItems = [active];
}
