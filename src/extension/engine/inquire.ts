import * as z from 'zod/mini';
import { findCluster } from '../../client/discover.ts';
import { messageOf } from '../../host/errors.ts';
import type { App } from '../app.ts';
import { ask } from '../commandLine/forApp.ts';
import type { Settings } from '../settings.ts';
import { engineFor } from './choose.ts';
import { engineNames, type EngineName } from './facts.ts';
import { examination, possibilitiesOf, unknownPossibilities, type Possibilities } from './possibility.ts';

/** What the command line may take to look at this machine: a Docker that hangs must not keep the question open. */
const lookLimitMs = 20_000;

const listed = z.array(z.object({ name: z.string(), engine: z.nullable(z.string()) }));

export interface ChosenEngine {
  readonly engine: EngineName | 'auto';
  /** There was no such cluster before. */
  readonly isNew: boolean;
}

/**
 * What the cluster is to consist of: what it does already; for a new one what the setting says, else what the person
 * answers. Undefined where the person did not want to choose.
 */
export async function chooseEngine(
  app: App,
  cluster: string,
  { engine: setting }: Settings,
): Promise<ChosenEngine | undefined> {
  const existing = (await findCluster(cluster))?.spec?.engine;
  if (existing && setting !== existing && (setting === 'embedded' || setting === 'docker')) {
    app.log.warn(`mesosAirflow.engine is ${setting}, but ${cluster} is there already, as ${existing}.`);
  }
  const engine = engineFor(setting, existing);
  if (engine !== 'ask') return { engine, isNew: existing === undefined };
  const found = existingInDocker(app, cluster);
  const answer = await app.engineQuestion.ask({ look: () => look(app), existing: found });
  return answer && { engine: answer, isNew: true };
}

async function look(app: App): Promise<Possibilities> {
  try {
    return possibilitiesOf(await ask(app, ['doctor', '--json'], examination, lookLimitMs));
  } catch (error) {
    app.log.warn(`This machine could not be examined: ${messageOf(error)}`);
    return unknownPossibilities(messageOf(error));
  }
}

/** The engine of a cluster whose folder on this machine was lost: Docker's labels still tell of it. */
async function existingInDocker(app: App, name: string): Promise<EngineName | undefined> {
  try {
    const clusters = await ask(app, ['list', '--json'], listed, lookLimitMs);
    const engine = clusters.find((cluster) => cluster.name === name)?.engine;
    return engineNames.find((known) => known === engine);
  } catch (error) {
    // Then there is none that could be found: `up` finds out for itself.
    app.log.debug(`The clusters could not be listed: ${messageOf(error)}`);
    return undefined;
  }
}
