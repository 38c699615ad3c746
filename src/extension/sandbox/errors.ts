import * as l10n from '@vscode/l10n';
import { ExplainedError } from '../../host/errors.ts';
import { bytes } from '../format.ts';

/** Files above this open as a log window: an editor would take all of one at once, each time that it changes. Bytes. */
export const mostFileBytes = 20 * 1024 * 1024;

/** There is nothing at that place in a sandbox that is there. */
export class NotInSandbox extends ExplainedError {
  constructor(path: string) {
    super(l10n.t('There is no {0} in the sandbox', path));
    this.name = 'NotInSandbox';
  }
}

/** The sandbox itself is not there any more. */
export class SandboxGone extends ExplainedError {
  constructor(title: string, cause: ExplainedError) {
    super(l10n.t('The sandbox of {0} is gone', title), {
      why: cause.why ?? cause.message,
      next: cause.next ?? l10n.t('Mesos removes the sandboxes of tasks that have ended after a while.'),
      cause,
    });
    this.name = 'SandboxGone';
  }
}

export class SandboxFileTooLarge extends ExplainedError {
  constructor(path: string, size: number) {
    super(l10n.t('{0} has {1}: that is too much for an editor', path, bytes(size)), {
      next: l10n.t('Open it from its sandbox in the Explorer: its end is shown as a log.'),
    });
    this.name = 'SandboxFileTooLarge';
  }
}

/** An address that names no place in a sandbox, or leads out of it. */
export class NoSandboxPlace extends ExplainedError {
  constructor(text: string) {
    super(l10n.t('{0} names nothing in a sandbox', text));
    this.name = 'NoSandboxPlace';
  }
}
