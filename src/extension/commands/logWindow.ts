import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import { bytes } from '../format.ts';
import { offsetOf } from '../logs/offset.ts';
import { tell } from './connected.ts';
import { openLog } from './openLog.ts';

/** Shows what lies before the first line of a log. */
export const loadEarlierLog: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (open && !(await open.logs.loadEarlier(open.uri)))
    tell(l10n.t('Nothing lies before this log’s first line.'));
};

/** Shows a log from a place that the person names. */
export const openLogAtOffset: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (!open) return;
  const { logs, uri, log } = open;
  if (!log.moving) {
    tell(l10n.t('This log is shown from its end only.'));
    return;
  }
  const { size } = log.moving;
  const words = await vscode.window.showInputBox({
    title: l10n.t('Open Log at Offset'),
    prompt: l10n.t(
      'It has {0}. Bytes (also 12 MB), a share (50%), or so much before its end (-64 kB).',
      bytes(size),
    ),
    placeHolder: '50%',
    validateInput: (text) =>
      offsetOf(text, size) === undefined
        ? l10n.t('A number of bytes, such as 1200000, 12 MB, 50% or -64 kB')
        : null,
  });
  const from = words === undefined ? undefined : offsetOf(words, size);
  if (from !== undefined) logs.setView(uri, { ...log.view, from });
};

/** Goes to the end of a log, and on with it. */
export const goToLogEnd: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (open) open.logs.goToEnd(open.uri);
};

/** Has a task's log go on with the next try of the task, or no more. */
export const followNextTry: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (!open) return;
  const { logs, uri, log } = open;
  if (log.files.length === 0) {
    tell(l10n.t('This is not the log of a task run: it has no tries.'));
    return;
  }
  const { followsRetries, ...view } = log.view;
  const follows = followsRetries !== true;
  logs.setView(uri, { ...view, followsRetries: follows });
  if (follows) logs.goToEnd(uri);
  else tell(l10n.t('This log does not go on with the next try any more.'));
};
