// A debug adapter of the type `debugpy` that notes what it is to launch (`launched`) and ends at once.
const vscode = require('vscode');

const launched = [];

class Adapter {
  #told = new vscode.EventEmitter();
  onDidSendMessage = this.#told.event;

  handleMessage({ seq, type, command, arguments: args }) {
    if (type !== 'request') return;
    if (command === 'launch') launched.push(args);
    this.#told.fire({ type: 'response', seq: 0, request_seq: seq, command, success: true, body: {} });
    if (command === 'initialize') this.#told.fire({ type: 'event', seq: 0, event: 'initialized' });
    if (command === 'launch') this.#told.fire({ type: 'event', seq: 0, event: 'terminated' });
  }

  dispose() {
    this.#told.dispose();
  }
}

exports.activate = (context) => {
  const factory = {
    createDebugAdapterDescriptor: () => new vscode.DebugAdapterInlineImplementation(new Adapter()),
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', factory));
  return { launched };
};
