const METRICS = `
.metric{display:grid;gap:.5rem 2.5rem;padding:1.1rem 0;border-top:1px solid var(--line)}
.rule{max-width:34rem;margin-top:.15rem}
.metric dl{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}
.metric dd b{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em}
.metric dd .none{font-size:1.25rem;line-height:1.75}
@media print,(min-width:48rem){.metric{grid-template-columns:minmax(0,5fr) minmax(0,6fr)}}
.list{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.8125rem;padding:.25rem 0 .5rem}
.more>.metrics{margin-top:.5rem}`;

const TABLES = `
table{border-collapse:collapse;width:100%}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:start;vertical-align:top;padding:.5rem 1.25rem .5rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
thead th{color:var(--soft);font-weight:400;border-bottom-color:var(--soft)}
@media screen{.scroll thead th{overflow-wrap:break-word}}
tbody th{font-size:1rem}
tbody td{font-size:.875rem}
td:last-child,th:last-child{padding-right:0}
.scroll{overflow-x:auto}
.matrix th,.matrix td,.weeks td,.weeks th{min-width:5rem}
.history tbody th{min-width:4.5rem}
.history td{min-width:5.5rem}
@media screen and (min-width:64rem){.history time{white-space:nowrap}}
.matrix small{display:block}
.matrix time{color:var(--soft)}
.history td>a:has(time){color:inherit}`;

/** On a phone a row becomes a small card: a line for the version and its result, a line for the rest. */
const NARROW = `
@media screen and (max-width:47.99rem){.history thead{position:absolute;left:-99rem}.history,.history tbody,.history tr{display:block}
.history tr{display:flex;flex-wrap:wrap;gap:.15rem 1rem;padding:.75rem 0;border-bottom:1px solid var(--line)}
.history th,.history td{border:0;padding:0;min-width:0;flex:0 0 calc(40% - 1rem)}.history td:empty,.history .f{display:none}.history .w{flex-basis:60%;text-align:end}.history .r{order:1;flex:1 1 50%}.history .a{order:2;flex:none}
.metric .facts li{display:block}.metric .facts li::after{content:none}.metric dd b,.metric dd .none{font-size:1.25rem}}`;

const CHARTS = `
.trend{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr));gap:1.5rem 2.5rem;padding:1.5rem 0 .5rem;border-top:1px solid var(--line)}
.chart{display:block;width:100%;max-width:30rem;height:auto;margin-top:.75rem}
.chart text{font-size:11px;fill:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:0 1rem;color:var(--soft)}
.legend svg{width:.75em;height:.75em;margin-right:.4em}
.fill{fill:var(--flow)}.failed{fill:url(#failing)}.band{fill:var(--pale)}
.grid{stroke:var(--line);fill:none}
.line{stroke:var(--flow);stroke-width:2;fill:none;stroke-linejoin:round}
.whisker{stroke:var(--pale);stroke-width:6}
.dot{fill:var(--flow);stroke:var(--card);stroke-width:1.5}
.cross{stroke:var(--bad);stroke-width:1.5}
.a{fill:var(--bad-pale)}.b{fill:var(--bad)}.c{fill:var(--wait-pale)}.d{fill:var(--wait-fill)}`;

const PRINT = `
@media print{:root{--paper:#fff;--line:#bbb}html{font-size:75%}body{padding:0 1px;max-width:none}.trend{grid-template-columns:repeat(3,1fr)}.card,.tiles>li{padding:.75rem 1rem}nav,.skip{display:none}
main>section{margin-bottom:2rem}#journey .card,.tiles>li,.metric,figure,tr,.changes li{break-inside:avoid}h2,h3,h4{break-after:avoid}.scroll{overflow:visible}
.act a{border:1px solid;background:none;color:inherit}*{print-color-adjust:exact}}`;

export const NUMBERS = METRICS + TABLES + NARROW + CHARTS + PRINT;
