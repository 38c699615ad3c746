import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RecordingRequest, RecordingView } from '../../api/people.ts';
import type { App, Run } from '../app.ts';
import { instantOf, timeOfDay } from '../recording/times.ts';
import { tell } from './connected.ts';

/** How far a step goes, in milliseconds of the recording. */
const stepMs = 10_000;
const speeds = [0.25, 0.5, 1, 2, 4, 10, 60];

/** A command on the recording that is shown; without one it says so. */
function onRecording(
  control: (
    now: RecordingView,
    app: App,
  ) => RecordingRequest | undefined | Promise<RecordingRequest | undefined>,
): Run {
  return async (app) => {
    const { now } = app.recordings;
    if (!now) {
      tell(l10n.t('No recording is open.'));
      return;
    }
    const request = await control(now, app);
    if (request) await app.recordings.control(request);
  };
}

export const playRecording = onRecording(() => ({ paused: false }));
export const pauseRecording = onRecording(() => ({ paused: true }));
export const stepBackInRecording = onRecording(({ at }) => ({
  at: Math.max(0, at - stepMs),
}));
export const stepForwardInRecording = onRecording(({ at }) => ({
  at: at + stepMs,
}));

export const goToTimeInRecording = onRecording(async (now) => {
  const [from, to] = [timeOfDay(now.from), timeOfDay(now.to)];
  const text = await vscode.window.showInputBox({
    title: l10n.t('Go to Time'),
    prompt: l10n.t('The recording goes from {0} to {1}.', from, to),
    value: timeOfDay(now.at),
    validateInput: (typed) =>
      instantOf(typed, now) === undefined ? l10n.t('Type a time from {0} to {1}.', from, to) : undefined,
  });
  const at = text === undefined ? undefined : instantOf(text, now);
  return at === undefined ? undefined : { at };
});

export const setRecordingSpeed = onRecording(async (now) => {
  const items = speeds.map((speed) => ({
    label: `×${speed}`,
    description: speed === now.speed ? l10n.t('now') : '',
    speed,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: l10n.t('Speed of the Recording') });
  return chosen && { speed: chosen.speed };
});

export const closeRecording = onRecording(async (_now, { recordings }) => {
  await recordings.close();
  return undefined;
});
