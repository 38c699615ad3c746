import { setTimeout as delay } from 'node:timers/promises';
import { protocolVersion } from '../../api/common.ts';
import { identityProof } from '../../api/identity.ts';
import { topicsRequest, type Clients, type Handshake, type Identity } from '../../api/people.ts';
import type { LiveViews } from '../liveViews.ts';
import type { MesosWatch, MesosState } from '../mesosWatch.ts';
import type { Subscriptions } from '../subscriptions.ts';
import { topicsNamed, wantedTopics, wantsMesos } from '../wantedTopics.ts';
import { badRequest, HttpProblem, notFound } from '../http/problem.ts';
import { json, param, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';

/** The master's lists. */
type Lists = Pick<MesosWatch, 'current'> & Partial<Pick<MesosWatch, 'latest'>>;

/** How long a subscription waits for the master's lists, which else follow. Milliseconds. */
const masterLimitMs = 500;
/** And so long where there are older ones: a large cluster's lists take their time. Milliseconds. */
const newerLimitMs = 40;

export interface ClusterRoutesOptions {
  readonly views: Pick<LiveViews, 'cluster' | 'offers'>;
  readonly watch: Lists;
  readonly subscriptions: Subscriptions;
  readonly handshake: Omit<Handshake, 'protocol'>;
  /** The admin's token. */
  readonly admin: string;
  /** Begins to end the cluster. Throws HttpProblem where that is not the service's to do. */
  readonly shutdown: () => void;
}

/** The cluster as a whole, for people: src/api/people.ts. */
export function clusterRoutes(options: ClusterRoutesOptions): Route[] {
  const { views, watch, subscriptions, handshake, shutdown } = options;
  return [
    {
      method: 'GET',
      path: '/v1/identity',
      access: 'open',
      handle: ({ query }) => {
        const challenge = query.get('challenge') ?? '';
        if (challenge.length < 16 || challenge.length > 256) {
          throw badRequest('the challenge is some random text of 16 to 256 characters');
        }
        const { cluster } = handshake;
        const identity: Identity = { cluster, proof: identityProof(options.admin, cluster, challenge) };
        return json(identity);
      },
    },
    get('/v1/handshake', () => ({ protocol: protocolVersion, ...handshake })),
    get('/v1/cluster', () => views.cluster()),
    get('/v1/agents', async () => (await mesos(watch)).agents),
    get('/v1/frameworks', async () => (await mesos(watch)).frameworks),
    get('/v1/offers', () => views.offers()),
    get('/v1/clients', (): Clients => ({ clients: subscriptions.size })),
    {
      method: 'GET',
      path: '/v1/subscription',
      access: 'admin',
      handle: async (call) => {
        const wanted = wantedTopics(call.query);
        // A snapshot without agents would show an empty cluster; a master that is away is no reason to wait for it.
        if (wantsMesos(wanted)) await soon(watch);
        return { kind: 'stream', open: (response) => subscriptions.add(response, wanted) };
      },
    },
    {
      method: 'POST',
      path: '/v1/subscription/{id}',
      access: 'admin',
      handle: async (call) => {
        const id = param(call, 'id');
        const wanted = topicsNamed(valid(topicsRequest, call.body).topics);
        const before = subscriptions.wantedBy(id);
        // Asked only where nobody else keeps the lists up to date.
        if (before && !wantsMesos(before) && wantsMesos(wanted)) await soon(watch);
        if (before && subscriptions.change(id, wanted)) return { kind: 'empty', status: 204 };
        throw notFound('That subscription is gone', 'Subscribe anew: its stream has ended.');
      },
    },
    {
      method: 'POST',
      path: '/v1/shutdown',
      access: 'admin',
      handle: () => {
        shutdown();
        return { kind: 'empty', status: 202 };
      },
    },
  ];
}

function get(path: string, view: () => unknown): Route {
  return { method: 'GET', path, access: 'admin', handle: async () => json(await view()) };
}

/** What the master has, unless that takes long: one that hangs must not keep a window from all the rest. */
async function soon(watch: Lists): Promise<void> {
  const late = new AbortController();
  const asked = watch.current().catch(() => undefined);
  await Promise.race([
    asked,
    delay(watch.latest?.tasks ? newerLimitMs : masterLimitMs, undefined, { signal: late.signal }).catch(
      () => undefined,
    ),
  ]);
  late.abort();
}

async function mesos(watch: Lists): Promise<MesosState> {
  try {
    return await watch.current();
  } catch (error) {
    throw new HttpProblem(503, {
      error: 'The Mesos master does not answer',
      why: error instanceof Error ? error.message : String(error),
      next: 'Wait until it is ready; mesos-airflow status shows how far it is.',
    });
  }
}
