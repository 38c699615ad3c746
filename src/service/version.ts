import manifest from '../../package.json' with { type: 'json' };

/** The version of the service, from the package's manifest. */
export const version: string = manifest.version;
