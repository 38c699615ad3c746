import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../host/errors.ts';
import { RowFilter } from '../../logtext/filter.ts';
import type { Run } from '../app.ts';
import { logViewChoices } from '../choices/logView.ts';
import { specOf } from '../logs/view.ts';
import { tell } from './connected.ts';
import { openLog } from './openLog.ts';

/** Shows only what has some words and is of some level: asks for both, with what holds now filled in. */
export const filterLog: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (!open) return;
  const { logs, uri, log } = open;
  const { filter } = log.view;
  const title = l10n.t('Filter Log');
  const words = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('A text, or a regular expression between slashes. Empty: any line.'),
    placeHolder: '/timed? out/i',
    value: filter?.words ?? '',
    validateInput: (text) => whyNoFilter(text),
  });
  if (words === undefined) return;
  const level = await vscode.window.showQuickPick(logViewChoices.levels(filter?.level), {
    title,
    placeHolder: l10n.t('Of which level?'),
  });
  if (!level) return;
  const { value } = level;
  logs.setView(uri, { ...log.view, filter: { words, ...(value === 'any' ? {} : { level: value }) } });
};

export const clearLogFilter: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (!open) return;
  const { logs, uri, log } = open;
  logs.setView(uri, { ...log.view, filter: { words: '' } });
};

/** Shows another file that the task writes, or all of them. */
export const chooseLogStream: Run = async (app, argument) => {
  const open = await openLog(app, argument);
  if (!open) return;
  const { logs, uri, log } = open;
  if (log.files.length === 0) {
    tell(l10n.t('This log is in one piece: there is nothing to choose from.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(logViewChoices.streams(log.files, log.view), {
    placeHolder: l10n.t('What of the task’s logs?'),
  });
  if (!chosen) return;
  const { filter = { words: '' }, followsRetries = false } = log.view;
  const raw = chosen.value === 'raw';
  const file = raw ? 'airflow' : chosen.value;
  // Without a place: that was of the file that was shown before.
  logs.setView(uri, { file, raw, filter, followsRetries });
};

/** Undefined where it is one. */
function whyNoFilter(words: string): string | undefined {
  const spec = specOf({ words });
  try {
    if (spec) new RowFilter(spec);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
