const LAYOUT = `
header{margin-bottom:3rem}
header p{margin-top:.5rem}
nav{margin-top:1.25rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
nav a{display:inline-block;padding:.25rem 0}
main>section{margin-bottom:3.5rem}
@media screen and (min-width:64rem){main{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2rem}main>*{grid-column:1/-1}#waiting{grid-column:1}#versions{grid-column:2}main:has(.matrix th:nth-child(5)) :is(#waiting,#versions){grid-column:1/-1}}
.card,.tiles>li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem clamp(1rem,3vw,1.5rem)}
.card+.card{margin-top:1rem}
.card>h3{margin-bottom:1rem}
footer{border-top:1px solid var(--line);padding-top:1.25rem}
footer p+p{margin-top:.25rem}
.stopped{border:1px solid var(--bad);border-left-width:6px;background:var(--bad-pale);border-radius:10px;padding:1rem 1.5rem;margin-bottom:2.5rem}
details{margin-top:.5rem}
summary{cursor:pointer;padding:.25rem 0;color:var(--link)}
summary h3{display:inline;font-size:1rem;color:var(--ink)}
details.card{margin-top:1rem;padding-block:.75rem}
.facts li{display:inline}
.facts li:not(:last-child)::after{content:"\\00A0\\00B7\\0020"/""}
main>section>.soft{margin:-.5rem 0 1rem}`;

const LIVE = `
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:1rem 2.25rem;overflow-x:clip}
.tiles>li{position:relative}
.tiles>.next::before{content:"\\2192"/"";position:absolute;left:-1.8rem;top:50%;translate:0 -50%;font-size:1.25rem;color:var(--soft)}
@media (max-width:35rem){.tiles{gap:1.75rem}.tiles>.next::before{content:"\\2193"/"";left:50%;top:-1.8rem;translate:-50% 0}}
.tiles h3{color:var(--soft)}
.version{font-size:1.75rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:.25rem 0}
.version a{color:inherit;text-decoration-color:transparent}
.version.good,.version.good a{color:var(--ink)}
.version.good::before{color:var(--good);font-size:.55em;vertical-align:.28em}
.version.none{font-size:1.25rem;font-weight:400}
.version.bad{font-size:1.25rem}
.tiles p:not(.version),.overview p:not(.version){font-size:.8125rem}
.overview .version{font-size:1.25rem}`;

const WAITING = `
.figure{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em}
.age{font-size:1rem;letter-spacing:0;font-weight:600;white-space:normal}
.slow{border-left:6px solid var(--wait-fill)}
.slow .age{color:var(--wait)}
.late{border-left:6px solid var(--bad)}
.late .age{color:var(--bad)}
.late .age::before{content:"\\0021\\00A0"/""}
.card .facts{margin:.25rem 0}
@media (max-width:35rem){.age{display:block}}
.act{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;margin:1rem 0}
.act a{display:inline-block;padding:.55rem 1.1rem;border-radius:8px;background:var(--link);color:var(--card);font-weight:600;text-decoration:none}
.act a:hover{text-decoration:underline}
.changes li{padding:.45rem 0;border-top:1px solid var(--line)}
.changes small{display:block}`;

const WAY = `
.bar{display:block;width:100%;height:14px;border-radius:4px;overflow:hidden}
.bar .flow{fill:var(--flow)}.bar .work{fill:var(--work)}.bar .wait{fill:url(#waits)}.bar .bad{fill:url(#failing)}
.way{display:grid;grid-auto-columns:minmax(0,1fr);margin:1rem 0}
.way li{display:grid;align-content:start;padding:.25rem 0 1rem 1.25rem;border-left:3px solid var(--flow);font-weight:400;color:var(--ink)}
.way li::before{content:none}
.way .work{border-color:var(--work)}
.way .wait{border-color:var(--wait-fill);border-left-style:dashed}
.way .bad{border-color:var(--bad)}
.way span,.way b,.way small{display:block}
.way span,.way small{font-size:.8125rem}
.way~details h4{margin:1.5rem 0 .5rem}
.way b{font-size:1.25rem;line-height:1.4;font-weight:650}
.way em{font-size:.8125rem;white-space:nowrap}
.way .wait b{color:var(--wait)}
.way .bad b,.way .bad em{color:var(--bad)}
@media print,(min-width:46rem){.way{grid-auto-flow:column;gap:4px}.way li{padding:.6rem .75rem 0 0;border-left:0;border-top:3px solid var(--flow)}.way .wait{border-top-style:dashed}}`;

export const PARTS = LAYOUT + LIVE + WAITING + WAY;
