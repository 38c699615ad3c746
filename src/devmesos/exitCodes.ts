/** Exit codes of master and agent; 64 and 75 are EX_USAGE and EX_TEMPFAIL of sysexits.h. */
export const exitCodes = { failed: 1, usage: 64, portInUse: 75 } as const;
