// In a bundle, in the place of `debug`: with DEBUG=modem it would print every request, logins for registries with it.
module.exports = () => () => undefined;
