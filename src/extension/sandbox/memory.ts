/** Where it is remembered of a workspace which sandboxes are open in it. */
export const sandboxMemory = 'sandboxes';
