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
import type { Topic } from '../../client/subscription.ts';
import { clusterFolder, userFolders, type ClusterFolder } from '../../host/folders.ts';
import { Disposing } from '../dispose.ts';
import { Emitter } from '../emitter.ts';
import type { PartIncident } from '../commandLine/progress.ts';
import { Throttle } from '../throttle.ts';
import type { ClusterPicture } from '../tree/clusterOutline.ts';
import { connectionAfter, type Connection, type Starting } from './connection.ts';
import { ContainerService, type Revive } from './containerService.ts';
import { FileWatch } from './fileWatch.ts';
import { noIncidents, type Incidents } from './incidents.ts';
import { applyEvents, withoutUnwanted, type ClusterState } from './state.ts';

/** How much is asked of the service: state and counts for the status bar, or all for a visible tree. */
export type Detail = 'counts' | 'all';

const topicsFor: Readonly<Record<Detail, readonly Topic[]>> = {
  counts: ['cluster'],
  all: ['cluster', 'agents', 'offers', 'tasks'],
};

/** Changes are gathered this long (milliseconds) before they are told. */
const gatherMs = 150;
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
  /** Told at most each 150 ms. */
  readonly onDidChange = this.#changed.event;
  readonly #tell = this.register(new Throttle(gatherMs, () => this.#gathered()));

  #name: string;
  #watch: FileWatch;
  #detail: Detail = 'counts';
  /** What each view needs beside, by the view. */
  readonly #wants = new Map<object, ReadonlySet<Topic>>();
  readonly #askAnew = this.register(new Throttle(gatherMs, () => this.#turnToTopics()));
  /** Of the present subscription, or the next. */
  #topics: readonly Topic[] = topicsFor.counts;
  #connection: Connection = { phase: 'unknown' };
  #starting: Starting | undefined;
  #state: ClusterState | undefined;
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
      state: this.#state,
      incidents: this.#incidents,
    };
  }

  /** Of the living service; undefined while there is none. */
  get client(): ServiceClient | undefined {
    return this.#service?.client;
  }

  setDetail(detail: Detail): void {
    if (detail === this.#detail) return;
    this.#detail = detail;
    this.#topics = this.#union();
    this.#turn.abort();
  }

  /** What `owner` needs from now on, beside what `setDetail` asks for: state that nobody needs any more is dropped. */
  want(owner: object, topics: ReadonlySet<Topic>): void {
    if (topics.size === 0) this.#wants.delete(owner);
    else this.#wants.set(owner, topics);
    this.#askAnew.poke();
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

  #union(): Topic[] {
    const wanted = [...this.#wants.values()].flatMap((topics) => [...topics]);
    return [...new Set([...topicsFor[this.#detail], ...wanted])];
  }

  #turnToTopics(): void {
    const topics = this.#union();
    if (topics.join() === this.#topics.join()) return;
    this.#topics = topics;
    this.#turn.abort();
    this.#tell.poke();
  }

  #watchRuntime(): FileWatch {
    return new FileWatch(this.folder.runtime, () => this.look());
  }

  async #follow(): Promise<void> {
    while (!this.disposed) {
      this.#turn = new AbortController();
      const { signal } = this.#turn;
      try {
        await this.#connectAndListen(signal);
      } catch (error) {
        if (!signal.aborted) this.#set(connectionAfter(error, this.#inContainer));
      }
      this.#service = undefined;
      await this.#pause(signal);
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
    await client.subscribe(
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
    if (failure) throw failure;
  }

  #receive(event: ClusterEvent): void {
    this.#seenAlive = true;
    this.#failures = 0;
    // A narrow subscription knows nothing of what the last wide one knew.
    const narrow = event.type === 'snapshot' && this.#detail === 'counts' && this.#knowsAny();
    this.#events.push(narrow ? { type: 'cluster', cluster: event.cluster } : event);
    this.#set({ phase: 'live' });
  }

  #knowsAny(): boolean {
    return this.#state !== undefined || this.#events.some(({ type }) => type === 'snapshot');
  }

  #gathered(): void {
    const state = applyEvents(this.#state, this.#events.splice(0));
    this.#state = state && withoutUnwanted(state, this.#topics);
    this.#changed.fire();
  }

  #set(connection: Connection): void {
    this.#connection = connection;
    this.#tell.poke();
  }

  #forget(): void {
    this.#state = undefined;
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

  #pauseMs(): number | undefined {
    if (this.#connection.phase !== 'lost') return this.#detail === 'all' ? lookAgainMs : undefined;
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (0.5 + Math.random() / 2);
  }
}
