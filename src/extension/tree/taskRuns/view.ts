import * as l10n from '@vscode/l10n';
import type { Topic } from '../../../client/subscription.ts';
import type { ClusterPicture } from '../../cluster/picture.ts';
import type { ClusterState } from '../../cluster/state.ts';
import { Emitter } from '../../emitter.ts';
import { outlineOf, type Branch, type Outline } from '../rows.ts';
import { targetOf } from '../target.ts';
import { startingRow, troubleRow } from '../trouble.ts';
import type { Header, ViewOf } from '../viewOf.ts';
import { FailureBadge } from './badge.ts';
import { agentGroupRows, agentTopics } from './byAgent.ts';
import { dagRows, dagTopics, moreRuns } from './byDag.ts';
import { filterWords, isFiltering, matcher } from './filter.ts';
import { flatRows, flatTopics } from './flat.ts';
import { askedFor, stepOf } from './more.ts';
import { optionsFrom, type TaskRunOptions } from './options.ts';
import { viewId, type Shown } from './shown.ts';

/** What is remembered of a workspace: VS Code's Memento. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const optionsKey = 'taskRuns.options';
const lookedKey = 'taskRuns.looked';

/** The view "Task Runs". Empty (so that the welcome shows) where there is no cluster and none is being started. */
export class TaskRunsView implements ViewOf {
  readonly id = viewId;
  readonly #memory: Memory;
  readonly #loadOlder: () => void;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #limits = new Map<string, number>();
  readonly #badge: FailureBadge;
  #options: TaskRunOptions;
  #visible = false;
  /** How many task runs are known, and whether the service has older ones: what "load more" goes by. */
  #known = { tasks: 0, isMore: false };

  /** `loadOlder` brings older task runs into the cluster's state. */
  constructor(memory: Memory, loadOlder: () => void) {
    this.#memory = memory;
    this.#loadOlder = loadOlder;
    this.#options = optionsFrom(memory.get(optionsKey));
    this.#badge = new FailureBadge(memory.get(lookedKey));
  }

  get options(): TaskRunOptions {
    return this.#options;
  }

  /** Shows them otherwise from now on, in this workspace. */
  set(options: Partial<TaskRunOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#limits.clear();
    void this.#memory.update(optionsKey, this.#options);
    this.#changed.fire();
  }

  get isFiltering(): boolean {
    return isFiltering(this.#options.filter);
  }

  outline(picture: ClusterPicture, now: number, open: ReadonlySet<string>): Outline {
    const { starting, state } = picture;
    const branches: Branch[] = [];
    // Once there is a service, its parts say more.
    if (starting && !state) branches.push(startingRow(starting));
    const trouble = troubleRow(picture);
    if (trouble) branches.push(trouble);
    if (state) branches.push(...this.#rows(state, now, open));
    return outlineOf(branches);
  }

  topics(open: ReadonlySet<string>): ReadonlySet<Topic> {
    const { grouping, filter } = this.#options;
    if (grouping === 'dag') return dagTopics(open, this.#limits, filter);
    return grouping === 'agent' ? agentTopics : flatTopics;
  }

  header({ state }: ClusterPicture): Header {
    if (this.#badge.know(state, this.#visible)) void this.#memory.update(lookedKey, this.#badge.looked);
    this.#known = { tasks: state?.tasks?.size ?? 0, isMore: state?.olderTasks === 'more' };
    const { grouping, filter } = this.#options;
    const how = { dag: '', agent: l10n.t('by agent'), flat: l10n.t('as a list') }[grouping];
    const description = [how, filterWords(filter)].filter((part) => part !== '').join(' · ');
    return { description, badge: this.#badge.badge(state) };
  }

  seen(visible: boolean): void {
    this.#visible = visible;
  }

  loadMore(id: string): void {
    const { parent, isOlder } = askedFor(id);
    const before = this.#limits.get(parent);
    const isOfDag = this.#options.grouping === 'dag' && targetOf(parent).dag_id !== undefined;
    const limit = isOfDag ? moreRuns(before) : (before ?? stepOf(parent)) + stepOf(parent);
    this.#limits.set(parent, limit);
    // A list that is about to come to its end gets its next task runs in the same go.
    const isShort = this.#options.grouping === 'flat' && this.#known.tasks < limit;
    if (this.#known.isMore && (isOlder || isShort)) this.#loadOlder();
    this.#changed.fire();
  }

  #rows(state: ClusterState, now: number, open: ReadonlySet<string>): Branch[] {
    const options = this.#options;
    const matches = isFiltering(options.filter) ? matcher(options.filter) : undefined;
    const shown: Shown = { state, now, open, options, matches, limits: this.#limits };
    const make = { dag: dagRows, agent: agentGroupRows, flat: flatRows }[options.grouping];
    const rows = make(shown);
    // A row that looks further is none that matches.
    const isNothing = rows.every(({ row }) => row.context === 'more');
    return isNothing ? [this.isFiltering ? nothingMatches() : nothingRan(), ...rows] : rows;
  }
}

function nothingMatches(): Branch {
  const title = l10n.t('Clear Filter');
  return nothingRow(l10n.t('No task run matches'), l10n.t('click to clear the filter'), {
    command: 'mesosAirflow.clearTaskRunFilter',
    title,
  });
}

function nothingRan(): Branch {
  const title = l10n.t('Trigger DAG');
  return nothingRow(l10n.t('Nothing has run yet'), l10n.t('click to trigger a DAG'), {
    command: 'mesosAirflow.triggerDag',
    title,
  });
}

function nothingRow(label: string, description: string, click: { command: string; title: string }): Branch {
  return {
    row: {
      id: 'nothing',
      label,
      description,
      icon: { id: 'info' },
      context: 'nothing',
      opens: 'never',
      click: { ...click, arguments: [] },
    },
  };
}
