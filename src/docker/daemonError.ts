import { messageOf } from '../host/errors.ts';

/** The HTTP status with which the daemon refused something; undefined where it wasn't the daemon that refused. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;
}

/** What the daemon said, without what dockerode puts around it. */
export function daemonMessage(thrown: unknown): string {
  return messageOf(thrown)
    .replace(/^\(HTTP code \d+\) .*? - /s, '')
    .trim();
}

/** Gives undefined where the daemon has no such thing. */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
