import { BASE } from './style/base.ts';
import { NUMBERS } from './style/numbers.ts';
import { PARTS } from './style/parts.ts';

export const STYLE = (BASE + PARTS + NUMBERS).replaceAll('\n', '');

/** The page's own policy allows this style alone. A test prints the digest to write here when the style changes. */
export const STYLE_HASH = 'sha256-E53TumsPUelqFvo2VwSnazxVXQejhSSI5w8KjFB9yu8=';
