import { RunningClock } from './clock.ts';
import { ClusterPage } from './dom/clusterPage.ts';
import { hostOf } from './dom/host.ts';
import { after, type Known } from './known.ts';
import { keptOf } from './kept.ts';
import { sayIn } from './texts.ts';

const root = document.getElementById('page');
if (!root) throw new Error('the document has no place for the page');
const clock = new RunningClock(() => performance.now());
let page: ClusterPage | undefined;
let known: Known | undefined;

const host = hostOf((message) => {
  if (message.type === 'texts') {
    page = new ClusterPage({
      root,
      say: sayIn(message.texts),
      clock,
      kept: keptOf(host.getState()),
      keep: (kept) => host.setState(kept),
      post: (said) => host.postMessage(said),
    });
    return;
  }
  clock.tell(message.clock);
  known = after(known, message);
  page?.tell(known);
});
host.postMessage({ type: 'ready' });
