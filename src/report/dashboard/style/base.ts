/** Colours mean something and never stand alone: a sign and a word say the same. Every pair holds AA (4.5:1) in both schemes. */
const COLOURS = `
:root{color-scheme:light dark;--paper:#f7f6f3;--card:#fff;--ink:#1b1f24;--soft:#5a626b;--line:#e2e0da;--link:#0b57a0;
--good:#1a6e43;--wait:#7c5200;--wait-fill:#e0a93a;--wait-pale:#fdf6e6;--bad:#b0231b;--bad-pale:#fdefed;--flow:#4d7696;--pale:#cfdde8;--work:#a9b4bd}
@media (prefers-color-scheme:dark){:root{--paper:#131517;--card:#1b1e21;--ink:#e6e8ea;--soft:#a4acb4;--line:#32373c;--link:#86bbf4;
--good:#74d09b;--wait:#eebf63;--wait-fill:#c58f2a;--wait-pale:#2b2416;--bad:#ff978f;--bad-pale:#331d1c;--flow:#86aecd;--pale:#30475a;--work:#5d6770}}`;

/** One scale of sizes: 13, 16, 20, 28, 36. */
const TEXT = `
*,::before,::after{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;padding:2.5rem 1.25rem 4rem;max-width:78rem;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
h1,h2,h3,h4,p,ol,ul,dl,dd,figure{margin:0;padding:0}
h3,h4{font-size:1rem}
ol,ul{list-style:none}
h1{font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.015em}
h2{font-size:1.25rem;line-height:1.3;font-weight:650;margin:0 0 1rem}
h3{font-weight:600}
h4{font-weight:600}
small,.soft,.rule,.facts,.legend,footer,summary,th,.metric dt{font-size:.8125rem}
small,.soft,.rule,.facts,.legend,.metric dt,.none,footer{color:var(--soft)}
small,.none{font-weight:400}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em;text-decoration-color:color-mix(in srgb,currentColor 40%,transparent)}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:3px}
main:focus{outline:none}
:target{background:var(--wait-pale)}
em{font-style:normal;font-weight:600}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;padding:.5rem 1rem;background:var(--card);z-index:1}
.defs{position:absolute}`;

/** A sign before each word of state; the empty text keeps it from being read aloud. */
const STATES = `
.good,.bad,.wait,.open,.back{font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad)}.wait,.open{color:var(--wait)}.was,.never,.back{color:var(--soft)}
.good::before{content:"\\25CF\\00A0"/""}.bad::before{content:"\\2715\\00A0"/""}.wait::before{content:"\\25D4\\00A0"/""}.open::before{content:"\\25CC\\00A0"/""}.back::before{content:"\\21A9\\FE0E\\00A0"/""}`;

export const BASE = COLOURS + TEXT + STATES;
