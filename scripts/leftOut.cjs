// Stands in bundles for packages of dockerode that we never call: @grpc and protobufjs (BuildKit), ssh2 (Docker over ssh).
// With them a bundle is 900 kB larger, and has native code that no bundle can hold.
module.exports = {};
