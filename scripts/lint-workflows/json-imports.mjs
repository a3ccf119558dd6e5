// GitHub's language service imports JSON files without saying that they are JSON, which Node refuses: `node --import` this.
import { registerHooks } from 'node:module';

registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context)
});
