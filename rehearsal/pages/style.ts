import { createHash } from 'node:crypto';
import type { Html } from './html.ts';

/** One sheet for all pages: nothing is fetched, light or dark as the reader's system is. */
const STYLE = `
:root{color-scheme:light dark;--ground:#f4f5f7;--sheet:#fff;--ink:#1b2028;--soft:#59636f;--line:#dde1e6;--link:#0b5cad;
--good:#1a7f4b;--bad:#b3261e;--wait:#8a5a00;--work:#0b5cad;--wash:#fff6e0;--edge:#e6b450;--shadow:0 1px 2px #1b202814,0 8px 24px #1b20280f}
@media (prefers-color-scheme:dark){:root{--ground:#11151a;--sheet:#191f26;--ink:#e7ebf0;--soft:#9aa6b2;--line:#2d3640;--link:#79b8ff;
--good:#5fd08f;--bad:#ff8a80;--wait:#f0b94d;--work:#79b8ff;--wash:#2a2415;--edge:#7a5d1c;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;-webkit-text-size-adjust:100%}
a{color:var(--link);text-underline-offset:.2em;text-decoration-thickness:.06em}
a:focus-visible,button:focus-visible,summary:focus-visible{outline:.19rem solid var(--link);outline-offset:.15rem;border-radius:.3rem}
header,main,footer{max-width:52rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;justify-content:space-between;padding-top:1.1rem;color:var(--soft);font-size:.9rem}
header a{color:var(--ink);font-weight:650;text-decoration:none}
footer{color:var(--soft);font-size:.85rem;padding-top:1.5rem;padding-bottom:2.5rem}
h1{font-size:clamp(1.35rem,1.1rem + 1.4vw,1.8rem);line-height:1.2;letter-spacing:-.015em;margin:1.3rem 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:2.2rem 0 .7rem}
h3{font-size:1.05rem;margin:1rem 0 .6rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
.card{background:var(--sheet);border:1px solid var(--line);border-radius:.8rem;padding:1rem 1.15rem;box-shadow:var(--shadow)}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}
.gate{border-color:var(--edge);border-top:.3rem solid var(--edge);margin-top:1.4rem}
.gate h2{font-size:1.2rem}
.stop{background:var(--wash);border-color:var(--edge);margin-top:1.2rem}
.places{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.8rem}
.places h3{margin:0;font-size:.9rem;font-weight:600;color:var(--soft)}
.places b{display:block;font-size:1.7rem;line-height:1.3;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.runs{list-style:none;margin:0;padding:0;display:grid;gap:.8rem}
.runs h3{margin:0;font-size:1rem;overflow-wrap:anywhere}
.flow{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem .5rem;margin:.7rem 0 1rem;padding:0}.card .flow{margin-bottom:0}
.state{display:inline-flex;align-items:center;gap:.4em;padding:.1rem .65rem;border:1px solid var(--line);border-radius:2rem;font-size:.85rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.soft .state,.soft+.state{margin-left:.5rem;color:var(--ink)}
.state i{font-style:normal;font-weight:700}
.success i{color:var(--good)}.failure i,.rejected i{color:var(--bad)}.waiting i{color:var(--wait)}.in_progress i{color:var(--work)}
.waiting{border-color:var(--edge);background:var(--wash)}
.state small{color:var(--soft);font-size:1em}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:500;color:var(--soft)}
th[scope=row]{width:clamp(7.5rem,28%,11rem)}
tr:last-child>*{border-bottom:0}
.wide{overflow-x:auto}
ul{padding-left:1.2rem;margin:.5rem 0}li{overflow-wrap:anywhere}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft)}
.job{padding:.7rem 1.15rem;margin:.6rem 0}.job>summary{color:var(--ink)}.job>summary .state{margin-left:.3rem}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--ground);border:1px solid var(--line);border-radius:.5rem;padding:.75rem .9rem;overflow-x:auto;white-space:pre-wrap}
form{display:flex;flex-wrap:wrap;gap:.7rem;position:sticky;bottom:0;margin-top:.6rem;padding:.7rem 0;border-top:1px solid var(--line);background:var(--sheet)}
button{font:inherit;font-weight:650;min-height:2.9rem;padding:0 1.5rem;border-radius:.6rem;border:1px solid var(--good);cursor:pointer;flex:1 1 9rem;max-width:16rem}
.yes{background:var(--good);color:#fff}.no{background:transparent;color:var(--bad);border-color:var(--bad)}
@media (prefers-color-scheme:dark){.yes{color:#0c1a12}}
button:hover{filter:brightness(1.08)}
@media (prefers-reduced-motion:no-preference){.in_progress i{animation:beat 1.2s ease-in-out infinite}@keyframes beat{50%{opacity:.35}}}
`;

/** Whole, so that nobody lays it out anew and changes its digest. */
export const STYLE_TAG: Html = { markup: `<style>${STYLE}</style>` };

/** For the content security policy: this sheet and no other. */
export const STYLE_DIGEST = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
