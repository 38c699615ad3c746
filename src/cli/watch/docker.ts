import { setTimeout as delay } from 'node:timers/promises';
import { findCluster } from '../../client/discover.ts';
import { whyNoDocker } from '../../engines/docker/unavailable.ts';
import type { Engine } from '../../engines/engine.ts';
import { messageOf } from '../../host/errors.ts';
import type { Context } from '../context.ts';
import type { Watcher, WatchEnd } from './watch.ts';

/** Between looks whether the cluster was brought down: at files of this machine; at Docker where they are lost. Milliseconds. */
const lookMs = 1000;
const slowLookMs = 10_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** What is needed of the engine. */
export interface WatchedEngine extends Pick<Engine, 'list'> {
  incidents: NonNullable<Engine['incidents']>;
}

/**
 * Watches by Docker's events, of which the engine tells the service. Throws DockerUnavailable where there is no Docker to
 * begin with; one that goes away later is waited for.
 */
export async function watchDocker(
  context: Context,
  engine: WatchedEngine,
  name: string,
  watcher: Watcher,
): Promise<WatchEnd> {
  const { signal } = context.interrupts;
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const looking = untilDown(context, engine, name, until).then(() => ended.abort());
  const isDown = async (): Promise<boolean> => {
    if ((await standingOf(context, engine, name, until)) !== 'down') return false;
    ended.abort();
    return true;
  };
  try {
    await follow(engine, name, watcher, isDown, until);
  } finally {
    ended.abort();
    await looking;
  }
  return signal.aborted ? 'left' : 'ended';
}

/** Tells of incidents until the signal is aborted; where they break off they are asked for again. */
async function follow(
  engine: WatchedEngine,
  name: string,
  watcher: Watcher,
  isDown: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const over = (): boolean => signal.aborted;
  let pause = firstPauseMs;
  let told: string | undefined;
  while (!over()) {
    let why: string | undefined;
    try {
      for await (const incident of engine.incidents(name, signal)) {
        pause = firstPauseMs;
        // A cluster that is brought down ends its parts.
        if (await isDown()) return;
        watcher.incident(incident);
      }
    } catch (error) {
      const isFirst = told === undefined;
      if (isFirst && whyNoDocker(error)) throw error;
      why = messageOf(error);
    }
    if (over()) return;
    if (why !== undefined && why !== told) {
      watcher.notice(`Docker's events broke off: ${why}. Trying again.`);
    }
    told = why ?? '';
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

/** Resolves when the cluster was brought down or deleted, or the signal is aborted. */
async function untilDown(
  context: Context,
  engine: WatchedEngine,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const standing = await standingOf(context, engine, name, signal);
    if (standing === 'down' || signal.aborted) return;
    const pause = standing === 'up' ? lookMs : slowLookMs;
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** By the cluster's folder, without which a cluster may be up all the same: then by what Docker has of it. */
async function standingOf(
  { folders }: Context,
  engine: WatchedEngine,
  name: string,
  signal: AbortSignal,
): Promise<'up' | 'down' | 'up without a folder' | 'unknown'> {
  const cluster = await findCluster(name, folders);
  if (cluster?.spec) return cluster.container ? 'up' : 'down';
  try {
    const listed = (await engine.list(signal)).find((each) => each.name === name);
    return !listed || listed.state === 'stopped' ? 'down' : 'up without a folder';
  } catch {
    // A Docker that does not answer now says nothing about the cluster.
    return 'unknown';
  }
}
