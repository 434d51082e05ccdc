/**
 * Colours of a picture, on light and on dark pages. What Graphviz wrote as attributes gives way to a stylesheet. The
 * background is painted too: where a picture is embedded, nobody knows what is behind it.
 */
export const svgStyle = `
svg{color-scheme:light dark;--page:#fff;--ink:#1f2328;--soft:#59636e;--line:#8b949e;--fill:#f6f8fa;--frame:#d1d9e0;--good:#1a7f37;--good-fill:#dafbe1;--bad:#cf222e;--bad-fill:#ffebe9;--open:#9a6700;--open-fill:#fff8c5;--accent:#0969da}
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#f0f6fc;--soft:#9198a1;--line:#6e7681;--fill:#212830;--frame:#3d444d;--good:#3fb950;--good-fill:#12261e;--bad:#f85149;--bad-fill:#2d1517;--open:#d29922;--open-fill:#272115;--accent:#4493f8}}
text{fill:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.graph>polygon{fill:var(--page);stroke:none}
.graph>text{font-weight:600;font-size:16px}
.graph>text+text{font-weight:400;font-size:11px;fill:var(--soft)}
.cluster>path,.cluster>polygon{fill:none;stroke:var(--frame)}
.cluster>text{fill:var(--soft);font-weight:600;font-size:11px}
.node>text{font-size:11px}
.node>path,.node>polygon,.node>ellipse{fill:var(--fill);stroke:var(--line)}
.node>text+text{fill:var(--soft);font-size:9px}
.registry>path{stroke:var(--accent)}
.capability>polygon{stroke:var(--accent)}
.group>path,.group>polygon{stroke-dasharray:4 3}
.missing>path{stroke:var(--bad)}
.missing>text{fill:var(--bad)}
.edge>path{stroke:var(--line)}
.edge>polygon,.edge>polyline{stroke:var(--line);fill:var(--line)}
.provided_by>path,.shows>path{stroke-width:1.4}
.provided_by>polygon{fill:var(--page)}
.requires>path{stroke:var(--soft)}
.requires>polygon{stroke:var(--soft);fill:var(--soft)}
.ready>path,.ready>polygon{fill:var(--good-fill);stroke:var(--good)}
.not-ready>path,.not-ready>polygon{fill:var(--bad-fill);stroke:var(--bad)}
.unknown>path,.unknown>polygon{fill:var(--open-fill);stroke:var(--open)}
`
