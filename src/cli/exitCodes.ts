/** What a command's exit status says (docs/cli.md, "Exit codes"). */
export const exitCodes = {
  ok: 0,
  /** What was asked for did not work; the message says why. */
  failed: 1,
  /** The command line itself is wrong: an unknown option, a value out of range. */
  usage: 2,
  /** There is no such cluster, or it is not running. */
  noCluster: 3,
  /** The cluster has no task, DAG or run of that name, or several. */
  notFound: 4,
  /** `trigger --wait`, `up --run`: the run ended, but not in success. */
  runFailed: 5,
  /** `doctor`, `up`: this machine lacks something; the message says what to do. */
  machine: 6,
  /** No Docker Engine can be used, and what was asked for needs one. */
  docker: 7,
  /** Ended by Ctrl-C or a signal before it was done. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
