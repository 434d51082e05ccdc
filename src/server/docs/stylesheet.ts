/** How the page of the API looks: light and dark, narrow and wide, on paper. Nothing is loaded from anywhere. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --ground: #fff;
  --raised: #f4f5f7;
  --line: #d9dde3;
  --text: #1c2128;
  --quiet: #59636e;
  --link: #0b5cad;
  --get: #0b5cad;
  --put: #8a5300;
  --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171c;
    --raised: #1e232b;
    --line: #363d48;
    --text: #e4e8ee;
    --quiet: #a2acb9;
    --link: #79b8ff;
    --get: #79b8ff;
    --put: #f0b45a;
    --delete: #ff8f87;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto;
  max-width: 76rem;
  padding: 0 1.25rem 4rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif;
  overflow-wrap: break-word;
}
code, pre, .method { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code, pre { font-size: .9em; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--raised); }
header { padding: 2rem 0 1rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1.05rem; line-height: 1.4; }
h4 { margin: 1.25rem 0 .25rem; font-size: .9rem; color: var(--quiet); }
p { margin: .4rem 0; }
.version, .about, small, .type { color: var(--quiet); }
.version { margin: .25rem 0 0; }
nav { padding: 1rem 0; border-bottom: 1px solid var(--line); font-size: .9rem; }
nav h2 { margin: .75rem 0 .25rem; font-size: .95rem; }
nav h2:first-child { margin-top: 0; }
nav h2 a { color: inherit; text-decoration: none; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover, h3 a:hover code { text-decoration: underline; }
.intro { max-width: 46rem; padding-top: 1rem; }
.method { font-size: .75rem; font-weight: 700; color: var(--get); }
.put, .patch, .post { color: var(--put); }
.delete { color: var(--delete); }
article { margin: 1.25rem 0 0; padding: 1rem 1.25rem 1.25rem; border: 1px solid var(--line); border-radius: 8px; }
article:target, details:target { border-color: var(--link); }
h3 a { color: inherit; text-decoration: none; }
.summary { font-size: 1.05rem; }
.access { color: var(--quiet); }
pre { margin: .75rem 0; padding: .75rem 1rem; overflow-x: auto; background: var(--raised); border-radius: 6px; }
pre code { font-size: .95em; }
article details { margin-top: .5rem; }
article summary { padding: .25rem 0; cursor: pointer; color: var(--quiet); font-size: .92rem; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .4rem 1rem .4rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-top: 0; padding-bottom: .2rem; font-size: .8rem; font-weight: 600; color: var(--quiet); }
tbody th { width: 8.5rem; font-weight: 600; }
td:nth-child(3):last-child { padding-right: 0; }
.schema { margin: .5rem 0 0; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 8px; }
.schema summary { cursor: pointer; }
.schema summary h3 { display: inline; }
.schema ul { margin: .25rem 0; padding: 0 0 0 1rem; list-style: none; border-left: 2px solid var(--line); }
.schema li { margin: .45rem 0; font-size: .92rem; }
.schema li > .about { display: block; }
.schema strong { font-size: .75rem; font-weight: 600; color: var(--put); }
@media (max-width: 40rem) {
  article { padding: .75rem .9rem 1rem; }
  table, tbody, tr { display: block; }
  thead { position: absolute; left: -100vw; }
  tr { padding: .4rem 0; border-top: 1px solid var(--line); }
  tbody th, td { display: inline; width: auto; padding: 0; border: 0; }
  tbody th { padding-right: .5rem; }
  td:last-child { display: block; }
}
@media (min-width: 64rem) {
  .intro code { white-space: nowrap; }
  .answers td:last-child { width: 46%; }
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); column-gap: 3rem; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; border: 0; }
}
@media print {
  :root {
    --ground: #fff;
    --raised: #fff;
    --line: #999;
    --text: #000;
    --quiet: #333;
    --link: #000;
    --get: #000;
    --put: #000;
    --delete: #000;
  }
  body { display: block; max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip { display: none; }
  pre { border: 1px solid var(--line); white-space: pre-wrap; }
  article, .schema li { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
}
`
