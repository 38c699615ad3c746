// In a bundle, in the place of packages that dockerode needs only for what we don't use: Docker over ssh (ssh2), BuildKit
// (@grpc/*, protobufjs), build contexts read from a folder (tar-fs, @balena/dockerignore). Whatever is called throws.
function absent() {
  throw new Error('This part of dockerode is left out of the bundle (scripts/build.mjs)');
}

module.exports = new Proxy(absent, { get: () => absent });
