const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Tells of the first signal that asks us to end, in place of ending: there is something to clean up. */
export function onSignal(tell: (signal: { readonly name: string; readonly code: number }) => void): void {
  for (const [name, code] of Object.entries(exitCodes)) process.on(name, () => tell({ name, code }));
}
