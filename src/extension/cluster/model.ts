import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterEvent } from '../../api/people.ts';
import {
  connect,
  findCluster,
  type Connection as Service,
  type KnownCluster,
} from '../../client/discover.ts';
import type { ServiceClient } from '../../client/serviceClient.ts';
import { ensureService } from '../../client/start.ts';
import { newestTasks } from '../../api/topics.ts';
import type { Subscription, Topic } from '../../client/subscription.ts';
import { clusterFolder, userFolders, type ClusterFolder } from '../../host/folders.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import type { PartIncident } from '../commandLine/progress.ts';
import { Throttle } from '../throttle.ts';
import { connectionAfter, type Connection, type Starting } from './connection.ts';
import { ContainerService, type Revive } from './containerService.ts';
import { FileWatch } from './fileWatch.ts';
import { noIncidents, type Incidents } from './incidents.ts';
import type { ClusterPicture } from './picture.ts';
import { applyEvents, isFirstOf, withoutUnwanted, type ClusterState } from './state.ts';
import { notLoading, withOlder } from './taskRuns.ts';
import { withinLimits, withProblems } from './wanted.ts';

/** What is always asked for: the state and counts in the status bar. */
const base: readonly Topic[] = ['cluster'];

/** Changes are gathered this long (milliseconds) before they are told. */
const gatherMs = 100;
/** And so long what views want, which change together: one that is hidden as another is shown. Milliseconds. */
const gatherWantsMs = 20;
/** How long a visible view waits before it looks again for a cluster, should its file not have been seen to change. */
const lookAgainMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5000;

/**
 * One cluster as the editor knows it: finds its service, follows its events, and finds it again when it comes and goes.
 * Nothing is polled but by a visible view, slowly, while there is no cluster.
 */
export class ClusterModel extends Disposing {
  readonly #changed = this.register(new Emitter<void>());
  /** Told at most each 100 ms, but that what comes for the first time is told at once. */
  readonly onDidChange = this.#changed.event;
  readonly #attached = this.register(new Emitter<number>());
  /** Its first events were told: how long that took since it was looked for (milliseconds). */
  readonly onDidAttach = this.#attached.event;
  readonly #tell = this.register(new Throttle(gatherMs, () => this.#gathered()));

  #name: string;
  #watch: FileWatch;
  /** What each view needs beside the base, by the view. */
  readonly #wants = new Map<object, ReadonlySet<Topic>>();
  readonly #askAnew = this.register(new Throttle(gatherWantsMs, () => this.#turnToTopics()));
  /** Of the present subscription, or the next. */
  #topics: readonly Topic[] = base;
  #tooMany: readonly Topic[] = [];
  #subscription: Subscription | undefined;
  #pausing = false;
  #connection: Connection = { phase: 'unknown' };
  #starting: Starting | undefined;
  #state: ClusterState | undefined;
  /** As it was told of last. */
  #shown: ClusterState | undefined;
  #events: ClusterEvent[] = [];
  #service: Service | undefined;
  /** A service that this window saw alive is started again when it dies; one that was dead before waits for a person. */
  #seenAlive = false;
  #failures = 0;
  #incidents: Incidents = noIncidents;
  readonly #container: ContainerService;
  /** Whether the service that was looked for last is one in a container. */
  #inContainer = false;
  /** Aborting it makes the loop look anew. */
  #turn = new AbortController();
  #turnBegan = performance.now();

  /** `revive`: for services in containers; without it they are waited for. */
  constructor(name: string, revive?: Revive) {
    super();
    this.#container = new ContainerService(revive);
    this.#name = name;
    this.#watch = this.#watchRuntime();
    this.register({ dispose: () => this.#watch.dispose() });
    this.register({ dispose: () => this.#turn.abort() });
    void this.#follow();
  }

  get name(): string {
    return this.#name;
  }

  get folder(): ClusterFolder {
    return clusterFolder(userFolders(), this.#name);
  }

  /** Turns to another cluster. */
  use(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#watch.dispose();
    this.#watch = this.#watchRuntime();
    this.#forget();
    this.#set({ phase: 'unknown' });
    this.#turn.abort();
  }

  get picture(): ClusterPicture & { readonly incidents: Incidents } {
    return {
      connection: this.#connection,
      starting: this.#starting,
      state: this.#shown,
      incidents: this.#incidents,
    };
  }

  /** Of the living service; undefined while there is none. */
  get client(): ServiceClient | undefined {
    return this.#service?.client;
  }

  /**
   * What `owner` needs from now on, in place of all that it needed before (`cluster` comes always): what nobody needs any
   * more is dropped, what is known is not asked for again.
   */
  want(owner: object, topics: ReadonlySet<Topic>): void {
    if (topics.size === 0) this.#wants.delete(owner);
    else this.#wants.set(owner, topics);
    this.#askAnew.poke();
  }

  /** Brings the next task runs before the oldest that are known into `tasks`. Rejects as a ServiceClient does. */
  async loadOlderTasks(): Promise<void> {
    const { client } = this;
    const { olderTasks, oldestTask } = this.#state ?? {};
    if (!client || olderTasks !== 'more' || oldestTask === undefined) return;
    this.#change((state) => ({ ...state, olderTasks: 'loading' }));
    const { signal } = this.#turn;
    try {
      const page = await client.tasks({ limit: newestTasks, before: oldestTask }, { signal });
      this.#change((state) => withOlder(state, oldestTask, page, newestTasks));
    } catch (error) {
      this.#change(notLoading);
      // The cluster that it was asked of is not looked at any more.
      if (!signal.aborted) throw error;
    }
  }

  setStarting(starting: Starting | undefined): void {
    this.#starting = starting;
    this.#tell.poke();
  }

  /** Takes what Docker told of a part. */
  note(incident: PartIncident): void {
    this.#incidents = new Map(this.#incidents).set(incident.part, incident);
    this.#tell.poke();
  }

  /** Looks for the service now, unless it is connected. */
  look(): void {
    if (this.#connection.phase !== 'live') this.#turn.abort();
  }

  #turnToTopics(): void {
    const wanted = new Set([...this.#wants.values()].flatMap((topics) => [...topics]));
    const { topics, tooMany } = withinLimits([...base, ...wanted]);
    if (topics.join() === this.#topics.join() && tooMany.join() === this.#tooMany.join()) return;
    this.#topics = topics;
    this.#tooMany = tooMany;
    this.#subscription?.change(topics);
    // Another pause may be due for what is wanted now.
    if (this.#pausing && this.#connection.phase !== 'lost') this.#turn.abort();
    this.#tell.poke();
  }

  #watchRuntime(): FileWatch {
    return new FileWatch(this.folder.runtime, () => this.look());
  }

  async #follow(): Promise<void> {
    while (!this.disposed) {
      this.#turn = new AbortController();
      this.#turnBegan = performance.now();
      const { signal } = this.#turn;
      try {
        await this.#connectAndListen(signal);
      } catch (error) {
        if (!signal.aborted) this.#set(connectionAfter(error, this.#inContainer));
      }
      this.#service = undefined;
      this.#pausing = true;
      await this.#pause(signal);
      this.#pausing = false;
    }
  }

  /** Returns where there is no service to listen to, or the signal was aborted; throws where one failed. */
  async #connectAndListen(signal: AbortSignal): Promise<void> {
    const cluster = await findCluster(this.#name);
    this.#inContainer = Boolean(cluster?.container);
    if (!cluster || cluster.state === 'stopped' || cluster.state === 'broken') {
      this.#forget();
      this.#set({ phase: 'absent' });
      return;
    }
    if (cluster.state === 'dead' && !this.#seenAlive) {
      this.#forget();
      this.#set({ phase: 'ended' });
      return;
    }
    if (cluster.state === 'dead') {
      this.#set({ phase: 'lost', why: 'its service died and is being started again' });
    }
    this.#service = await this.#reach(cluster, signal);
    await this.#listen(this.#service.client, signal);
  }

  #reach(cluster: KnownCluster, signal: AbortSignal): Promise<Service> {
    if (cluster.container) return this.#container.connect(cluster, this.#seenAlive, signal);
    return cluster.state === 'dead' ? ensureService(this.#name, { signal }) : connect(cluster, signal);
  }

  async #listen(client: ServiceClient, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    let failure: Error | undefined;
    this.#subscription = client.follow(
      {
        event: (event) => this.#receive(event),
        // Found anew rather than tried again: it may be another process by now, or have been brought down.
        disconnected: (error) => {
          failure = error;
          stop.abort();
        },
      },
      { signal: AbortSignal.any([signal, stop.signal]), topics: this.#topics },
    );
    try {
      await this.#subscription.ended;
    } finally {
      this.#subscription = undefined;
    }
    if (failure) throw failure;
  }

  #receive(event: ClusterEvent): void {
    this.#seenAlive = true;
    this.#failures = 0;
    const isFirst = isFirstOf(this.#state, event);
    this.#events.push(event);
    this.#set({ phase: 'live' });
    if (isFirst) this.#tell.hurry();
  }

  #gathered(): void {
    this.#apply();
    const isNew = this.#state !== undefined && this.#shown === undefined;
    this.#shown = this.#state && withProblems(this.#state, this.#tooMany);
    this.#changed.fire();
    if (isNew) this.#attached.fire(performance.now() - this.#turnBegan);
  }

  #apply(): void {
    const state = applyEvents(this.#state, this.#events.splice(0));
    this.#state = state && withoutUnwanted(state, this.#topics);
  }

  #change(how: (state: ClusterState) => ClusterState): void {
    this.#apply();
    this.#state = this.#state && how(this.#state);
    this.#tell.poke();
  }

  #set(connection: Connection): void {
    this.#connection = connection;
    this.#tell.poke();
  }

  #forget(): void {
    this.#state = undefined;
    this.#shown = undefined;
    this.#events = [];
    this.#incidents = noIncidents;
    this.#container.forget();
    this.#seenAlive = false;
    this.#failures = 0;
  }

  /** Until it is time to look again, or the signal is aborted. */
  async #pause(signal: AbortSignal): Promise<void> {
    const ms = this.#pauseMs();
    if (ms === undefined) {
      if (!signal.aborted) await once(signal, 'abort');
      return;
    }
    // Rejects only where it is aborted, which ends the pause as well.
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }

  /** More than the base is wanted: something shows the cluster. */
  #isShown(): boolean {
    return this.#topics.length > base.length;
  }

  #pauseMs(): number | undefined {
    if (this.#connection.phase !== 'lost') return this.#isShown() ? lookAgainMs : undefined;
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (0.5 + Math.random() / 2);
  }
}
