import manifest from '../../package.json' with { type: 'json' };

/** The version of this command line, from the package's manifest. */
export const version: string = manifest.version;
