// The API of ms-python.python as far as we use it: environments.getActiveEnvironmentPath and updateActiveEnvironmentPath.
// `told` are the interpreters that were chosen, with the folder; `isOld` makes it one of before that API.
let active = '/usr/bin/python3';
const told = [];
const environments = {
  getActiveEnvironmentPath: () => ({ id: active, path: active }),
  updateActiveEnvironmentPath: (interpreter, resource) => {
    active = interpreter;
    told.push({ interpreter, folder: resource?.fsPath });
    return Promise.resolve();
  },
};
const api = {
  told,
  isOld: false,
  get environments() {
    return api.isOld ? undefined : environments;
  },
};
exports.activate = () => api;
