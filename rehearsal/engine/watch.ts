import type { Runs } from './runs.ts';
import type { Site } from './site.ts';

const EVERY_MS = 15;
const RUN = /\/actions\/runs\/(\d+)\/cancel$/;

/** Jobs may cancel runs through the API; the hub notes it, the engine has to carry it out. Ends by calling what it returns. */
export const watchCancellations = ({ hub, board }: Site, runs: Runs): (() => void) => {
  let seen = 0;
  const look = (): void => {
    for (const { status, path, operation } of hub.log.slice(seen)) {
      // not answered yet: next time
      if (status === 0) return;
      seen += 1;
      const id = operation === 'actions/cancel-workflow-run' && status === 202 ? RUN.exec(path)?.[1] : undefined;
      if (id !== undefined && board.run(Number(id)) !== undefined) runs.cancel(Number(id));
    }
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};
