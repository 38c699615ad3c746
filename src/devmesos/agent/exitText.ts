/** What strsignal(3) calls the signals that end processes. */
const signalNames: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'File size limit exceeded',
  SIGSYS: 'Bad system call',
};

/** How a process ended; neither: nobody knows. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** As Mesos's command executor says it: `Command exited with status 3`, `Command terminated with signal Killed`. */
export function exitText({ code, signal }: Exit): string {
  if (signal === null && code === null) return 'Failed to get exit status for Command';
  if (signal === null) return `Command exited with status ${code}`;
  return `Command terminated with signal ${signalNames[signal] ?? signal}`;
}
