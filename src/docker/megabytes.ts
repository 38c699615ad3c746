/** Docker's megabytes, of 10^6 bytes, rounded up so that what is not nothing never shows as 0. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
