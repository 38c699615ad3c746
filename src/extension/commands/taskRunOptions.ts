import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Run } from '../app.ts';
import { taskRunChoices } from '../choices/taskRunOptions.ts';
import { noFilter } from '../tree/taskRuns/options.ts';

/** Shows only task runs of a name and of some states: asks for both, with what holds now filled in. */
export const filterTaskRuns: Run = async ({ views }) => {
  const { filter } = views.taskRunsView.options;
  const title = l10n.t('Filter Task Runs');
  const name = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('Part of the name of a task or a DAG, or a pattern with *. Empty: any name.'),
    placeHolder: 'summarise*',
    value: filter.name,
  });
  if (name === undefined) return;
  const states = await vscode.window.showQuickPick(taskRunChoices.states(filter.states), {
    title,
    placeHolder: l10n.t('In which states? None chosen: in any.'),
    canPickMany: true,
  });
  if (!states) return;
  views.taskRunsView.set({ filter: { name: name.trim(), states: states.map(({ value }) => value) } });
};

export const clearTaskRunFilter: Run = ({ views }) => {
  views.taskRunsView.set({ filter: noFilter });
  return Promise.resolve();
};

export const groupTaskRuns: Run = async ({ views }) => {
  const { grouping } = views.taskRunsView.options;
  const chosen = await vscode.window.showQuickPick(taskRunChoices.groupings(grouping), {
    placeHolder: l10n.t('Show task runs how?'),
  });
  if (chosen) views.taskRunsView.set({ grouping: chosen.value });
};

export const sortTaskRuns: Run = async ({ views }) => {
  const { sort } = views.taskRunsView.options;
  const chosen = await vscode.window.showQuickPick(taskRunChoices.sorts(sort), {
    placeHolder: l10n.t('Which come first?'),
  });
  if (chosen) views.taskRunsView.set({ sort: chosen.value });
};
