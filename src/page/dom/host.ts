import { isToPage, type FromPage, type ToPage } from '../protocol.ts';

/** What a webview is given to talk to the extension. */
interface VsCodeApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export type Host = VsCodeApi;

/** The extension behind the page; `told` hears what it says, and nothing that is not as it should be. */
export function hostOf(told: (message: ToPage) => void): Host {
  const host = acquireVsCodeApi();
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isToPage(data)) told(data);
  });
  return host;
}
