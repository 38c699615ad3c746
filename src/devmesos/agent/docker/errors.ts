/** A task asks for a container that can't be made. */
export class RunOptionsError extends Error {
  constructor(why: string) {
    super(`Failed to create docker run options: ${why}`);
    this.name = 'RunOptionsError';
  }
}
